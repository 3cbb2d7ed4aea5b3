import { expect, test } from "vitest"

import { departmentTree } from "./departmentTree"

test("rows become a tree; what has no parent here stands at the top, and no row is lost in a circle of one", () => {
  const tree = departmentTree([
    { id: 1, parent_id: null, name: "总部" },
    { id: 2, parent_id: 1, name: "" },
    { id: 3, parent_id: 99, name: "门店" },
    { id: 4, parent_id: 4, name: "自己" },
  ])
  expect(tree.map(({ title }) => title)).toEqual(["总部", "门店", "自己"])
  expect(tree[0]?.children.map(({ title }) => title)).toEqual(["#2"])
})
