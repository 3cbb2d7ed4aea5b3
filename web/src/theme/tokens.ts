import { theme, type ThemeConfig } from "antd"

export type Appearance = "light" | "dark"

const FONT =
  'system-ui, -apple-system, "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'

/** The pond: teal at the surface, deep blue below. */
export const palette = {
  teal: "#0c8a8a",
  tealBright: "#2bb5ab",
  deep: "#0b3f63",
  gold: "#d98e2b",
  coral: "#d9534f",
  leaf: "#2f9e63",
}

const shared: ThemeConfig["token"] = {
  fontFamily: FONT,
  fontSize: 14,
  borderRadius: 8,
  borderRadiusLG: 12,
  borderRadiusSM: 6,
  wireframe: false,
}

const light: ThemeConfig["token"] = {
  colorPrimary: palette.teal,
  colorInfo: "#1677a8",
  colorLink: "#0b7285",
  colorSuccess: palette.leaf,
  colorWarning: palette.gold,
  colorError: palette.coral,
  colorTextBase: "#10242f",
  colorBgLayout: "#f3f6f7",
  colorBorder: "#d3dde1",
  colorBorderSecondary: "#e6edef",
  colorInfoBg: "#eaf5fa",
  colorInfoBorder: "#b9dcea",
  colorSuccessBg: "#eaf7ef",
  colorSuccessBorder: "#b5dfc6",
  colorWarningBg: "#fdf5e6",
  colorWarningBorder: "#f0d6a6",
  colorErrorBg: "#fdefee",
  colorErrorBorder: "#f1c0bd",
}

const dark: ThemeConfig["token"] = {
  colorPrimary: palette.tealBright,
  colorInfo: "#4ba9d6",
  colorLink: "#4fc4bb",
  colorSuccess: "#46b67c",
  colorWarning: "#e0a146",
  colorError: "#e4736f",
  colorTextBase: "#e4eef0",
  colorBgBase: "#0b161d",
  colorBgLayout: "#08131a",
  colorBgContainer: "#0f1e27",
  colorBgElevated: "#152833",
  colorBorder: "#28404d",
  colorBorderSecondary: "#1b303b",
  colorInfoBg: "#10293a",
  colorInfoBorder: "#1f475f",
  colorSuccessBg: "#10291e",
  colorSuccessBorder: "#1f4d37",
  colorWarningBg: "#2e2410",
  colorWarningBorder: "#574318",
  colorErrorBg: "#331b1c",
  colorErrorBorder: "#5f2d2d",
}

export function themeFor(appearance: Appearance): ThemeConfig {
  const isDark = appearance === "dark"
  return {
    algorithm: isDark ? [theme.darkAlgorithm, theme.compactAlgorithm] : [theme.defaultAlgorithm, theme.compactAlgorithm],
    token: { ...shared, ...(isDark ? dark : light), sizeStep: 4, controlHeight: 32 },
    components: {
      Table: {
        headerBg: isDark ? "#132530" : "#f7fafa",
        headerSplitColor: "transparent",
        cellPaddingBlockSM: 7,
        cellPaddingInlineSM: 12,
        // pale enough for the quiet text of a chosen row to stay readable
        rowSelectedBg: isDark ? "#10323a" : "#e9f6f4",
        rowSelectedHoverBg: isDark ? "#143b44" : "#dff1ee",
      },
      Card: { headerFontSize: 15 },
      Checkbox: { borderRadiusSM: 3 },
      Button: { primaryShadow: "none", defaultShadow: "none" },
    },
  }
}
