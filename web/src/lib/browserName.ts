// The order matters: each later one also calls itself by the names of those it descends from.
const browsers: [RegExp, string][] = [
  [/wxwork\//i, "企业微信 WeCom"],
  [/MicroMessenger\//, "微信 WeChat"],
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
]
const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"],
  [/Android/, "Android"],
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux|X11/, "Linux"],
]

const first = (names: [RegExp, string][], agent: string) => names.find(([pattern]) => pattern.test(agent))?.[1]

/** A browser as people call it, from what it says of itself in its User-Agent; that text where it names none we know. */
export function browserName(agent: string): string {
  return [first(browsers, agent), first(systems, agent)].filter(Boolean).join(" · ") || agent
}
