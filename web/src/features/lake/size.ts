const units = ["B", "kB", "MB", "GB", "TB"]

/** Bytes as people say them: three digits and a unit. */
export function readableSize(bytes: number): string {
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0)
  const value = bytes / 1000 ** step
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toPrecision(2)} ${units[step]}`
}
