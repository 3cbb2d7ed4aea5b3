import {
  ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined, MoreOutlined, PlusOutlined,
} from "@ant-design/icons"
import { Button, Dropdown, Segmented, Tooltip } from "antd"
import { createContext, type KeyboardEvent, type ReactNode, useContext } from "react"

import { type Key, useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { ConditionMenu } from "./ConditionMenu"
import { LeafFields } from "./LeafFields"
import type { Problem } from "./leaves"
import {
  add, changeJoint, changeLeaf, type Condition, condition, duplicate, group, type Group, isGroup, type Item, type Joint,
  levelsOf, MAX_DEPTH, move, remove, unwrap, wrap,
} from "./rules"

interface Editing {
  root: Group
  onChange: (root: Group) => void
  /** People each part means, as last counted. */
  counts: ReadonlyMap<string, number>
  counting: boolean
  /** What is missing, once it is time to say so. */
  problems: ReadonlyMap<string, Problem>
}

const EditingContext = createContext<Editing | null>(null)

function useEditing(): Editing {
  const editing = useContext(EditingContext)
  if (!editing) throw new Error("a part of a rule outside of RuleTree")
  return editing
}

/** The rule as it is edited: groups within groups, each condition a sentence. */
export function RuleTree(props: Editing) {
  return (
    <EditingContext.Provider value={props}>
      <GroupBox of={props.root} levels={levelsOf(props.root.joint)} />
    </EditingContext.Provider>
  )
}

const JOINTS: readonly Joint[] = ["all", "any", "none"]
const BETWEEN: Record<Joint, Key> = { all: "seg.and", any: "seg.or", none: "seg.nor" }

/** `levels`: how many levels of the rule are used up with this group. */
function GroupBox({ of, levels }: { of: Group; levels: number }) {
  const t = useT()
  const { root, onChange, problems } = useEditing()
  const isRoot = of.id === root.id
  const problem = problems.get(of.id)
  const mayNest = levels + 1 < MAX_DEPTH
  return (
    <section
      className="rule-group"
      data-joint={of.joint}
      data-root={isRoot || undefined}
      aria-label={t.of("segJoint", of.joint)}
      tabIndex={-1}
      onKeyDown={(event) => walk(event, of, root, onChange)}
    >
      <header className="rule-group-head">
        <Segmented<Joint>
          size="small"
          aria-label={t("seg.joint")}
          value={of.joint}
          onChange={(joint) => onChange(changeJoint(root, of.id, joint))}
          options={JOINTS.map((value) => ({ value, label: t.of("segJoint", value) }))}
        />
        <span className="muted small rule-joint-help">{t.of("segJointHelp", of.joint)}</span>
        <Count of={of} />
        {!isRoot && <GroupActions of={of} />}
      </header>
      <div className="rule-items">
        {of.of.map((item, place) => (
          <div key={item.id} className="rule-item">
            {place > 0 && <span className="rule-between">{t(BETWEEN[of.joint])}</span>}
            {isGroup(item) ? (
              <GroupBox of={item} levels={levels + levelsOf(item.joint)} />
            ) : (
              <ConditionRow of={item} mayNest={mayNest} />
            )}
          </div>
        ))}
        {of.of.length === 0 && (
          <p className="muted rule-empty">{t(isRoot ? "seg.everybodySoFar" : "seg.emptyGroup")}</p>
        )}
      </div>
      {problem && <Fault problem={problem} />}
      <div className="row rule-add">
        <ConditionMenu
          primary={isRoot && of.of.length === 0}
          onChoose={(leaf) => onChange(add(root, of.id, condition(leaf)))}
        />
        {mayNest && <AddGroup to={of} />}
      </div>
    </section>
  )
}

function AddGroup({ to }: { to: Group }) {
  const t = useT()
  const { root, onChange } = useEditing()
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: JOINTS.map((key) => ({ key, label: t.of("segAddGroup", key) })),
        onClick: ({ key }) => onChange(add(root, to.id, group(key as Joint))),
      }}
    >
      <Button type="text" size="small" icon={<PlusOutlined />}>
        {t("seg.addGroup")}
      </Button>
    </Dropdown>
  )
}

function ConditionRow({ of, mayNest }: { of: Condition; mayNest: boolean }) {
  const t = useT()
  const { root, onChange, problems } = useEditing()
  const problem = problems.get(of.id)
  return (
    <div
      className="rule-condition"
      role="group"
      aria-label={t.of("segLeaf", of.leaf.kind)}
      data-faulty={problem !== undefined || undefined}
      onKeyDown={(event) => walk(event, of, root, onChange)}
    >
      <div className="rule-condition-body">
        <LeafFields leaf={of.leaf} onChange={(leaf) => onChange(changeLeaf(root, of.id, leaf))} />
        {problem && <Fault problem={problem} />}
      </div>
      <Count of={of} />
      <Actions of={of}>
        {mayNest
          ? [
              { key: "any", label: t("seg.wrapAny"), onClick: () => onChange(wrap(root, of.id, "any")) },
              { key: "none", label: t("seg.wrapNone"), onClick: () => onChange(wrap(root, of.id, "none")) },
            ]
          : []}
      </Actions>
    </div>
  )
}

function GroupActions({ of }: { of: Group }) {
  const t = useT()
  const { root, onChange } = useEditing()
  return (
    <Actions of={of}>
      {[{ key: "unwrap", label: t("seg.unwrap"), onClick: () => onChange(unwrap(root, of.id)) }]}
    </Actions>
  )
}

// a type rather than an interface: menus want to know that there is nothing else in it
type Action = { key: string; label: string; icon?: ReactNode; onClick: () => void }

function Actions({ of, children }: { of: Item; children: Action[] }) {
  const t = useT()
  const { root, onChange } = useEditing()
  const items: Action[] = [
    { key: "up", label: t("seg.moveUp"), icon: <ArrowUpOutlined />, onClick: () => onChange(move(root, of.id, -1)) },
    { key: "down", label: t("seg.moveDown"), icon: <ArrowDownOutlined />, onClick: () => onChange(move(root, of.id, 1)) },
    { key: "copy", label: t("seg.duplicate"), icon: <CopyOutlined />, onClick: () => onChange(duplicate(root, of.id)) },
    ...children,
  ]
  return (
    <span className="rule-actions">
      <Dropdown trigger={["click"]} menu={{ items }}>
        <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t("seg.moreActions")} />
      </Dropdown>
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        aria-label={t(isGroup(of) ? "seg.removeGroup" : "seg.removeCondition")}
        onClick={() => onChange(remove(root, of.id))}
      />
    </span>
  )
}

/** Alt and an arrow moves what the keyboard is in, as the menu does. */
function walk(event: KeyboardEvent, of: Item, root: Group, onChange: (root: Group) => void) {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return
  event.preventDefault()
  event.stopPropagation()
  if (of.id !== root.id) onChange(move(root, of.id, event.key === "ArrowUp" ? -1 : 1))
}

function Count({ of }: { of: Item }) {
  const t = useT()
  const { counts, counting } = useEditing()
  const count = counts.get(of.id)
  if (count === undefined) return <span className="rule-count" />
  return (
    <Tooltip title={t("seg.countHelp")}>
      <span className="rule-count numeric" data-stale={counting || undefined}>
        {t("seg.people.count", { count: formatCount(count) })}
      </span>
    </Tooltip>
  )
}

function Fault({ problem }: { problem: Problem }) {
  const t = useT()
  return (
    <span role="alert" className="message-error small rule-fault">
      {t.of("segProblem", problem)}
    </span>
  )
}
