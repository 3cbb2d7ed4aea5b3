/** Sign-in by scanning with WeCom, once a corp offers it. */
export function CorpSignIn() {
  return null
}
