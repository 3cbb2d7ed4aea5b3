import { navigation } from "../../src/app/navigation"

const everything = navigation.flatMap((group) => group.items).flatMap((item) => (item.permission ? [item.permission] : []))

export const me = {
  account: { id: "a1", username: "admin", name: "陈塘主", role: "owner", avatar: null, language: "zh" },
  permissions: [...new Set(everything)],
  scope: { kind: "all", label: "全部" },
  merchant: { name: "鲜果里生鲜连锁", time_zone: "Asia/Shanghai" },
  version: "0.1.0",
}
