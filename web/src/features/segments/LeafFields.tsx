import { CloseOutlined, PlusOutlined } from "@ant-design/icons"
import { Button, Dropdown, Input, Select, Switch } from "antd"
import { type ReactNode, useState } from "react"

import { CustomerSelect } from "../../components/pickers/CustomerSelect"
import { DepartmentSelect } from "../../components/pickers/DepartmentSelect"
import { MemberSelect } from "../../components/pickers/MemberSelect"
import { StoresSelect } from "../../components/pickers/StoreSelect"
import { TagSelect } from "../../components/pickers/TagSelect"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { compared, type ValueKind } from "./comparing"
import { ComparisonFields } from "./ComparisonFields"
import { Choice, Choices, DurationFields, MeasureFields, NumberField, WindowField } from "./controls"
import { AMOUNTS, days } from "./leaves"
import type { Leaf, LeafKind, LeafOf, Which } from "./rules"
import { Sentence } from "./Sentence"
import { useWords } from "./vocabulary"
import { AddWhere, EventSelect, fieldsOf, WhereFields } from "./WhichFields"

interface Props<Kind extends LeafKind> {
  leaf: LeafOf<Kind>
  onChange: (leaf: Leaf) => void
}

/** A condition as a sentence with its values to be chosen in it. */
export function LeafFields({ leaf, onChange }: { leaf: Leaf; onChange: (leaf: Leaf) => void }): ReactNode {
  switch (leaf.kind) {
    case "everyone":
    case "named":
      return <Plain kind={leaf.kind} />
    case "stage":
      return <StageFields leaf={leaf} onChange={onChange} />
    case "gender":
      return <GenderFields leaf={leaf} onChange={onChange} />
    case "source":
      return <SourceFields leaf={leaf} onChange={onChange} />
    case "created":
      return <CreatedFields leaf={leaf} onChange={onChange} />
    case "relation":
      return <RelationFields leaf={leaf} onChange={onChange} />
    case "tags":
      return <TagFields leaf={leaf} onChange={onChange} />
    case "identity":
      return <IdentityFields leaf={leaf} onChange={onChange} />
    case "consent":
      return <ConsentFields leaf={leaf} onChange={onChange} />
    case "field":
      return <CustomFields leaf={leaf} onChange={onChange} />
    case "events":
      return <EventFields leaf={leaf} onChange={onChange} />
    case "orders":
      return <OrderFields leaf={leaf} onChange={onChange} />
    case "sequence":
      return <SequenceFields leaf={leaf} onChange={onChange} />
    case "share":
      return <ShareFields leaf={leaf} onChange={onChange} />
    case "people":
      return <PeopleFields leaf={leaf} onChange={onChange} />
    case "segment":
      return <SegmentFields leaf={leaf} onChange={onChange} />
  }
}

function Plain({ kind }: { kind: LeafKind }) {
  const t = useT()
  return <span>{t.of("segLeaf", kind)}</span>
}

function StageFields({ leaf, onChange }: Props<"stage">) {
  const t = useT()
  const field = (
    <Choices
      label={t("customer.stage")}
      words={useWords().stages}
      value={leaf.stages}
      onChange={(stages) => onChange({ ...leaf, stages })}
    />
  )
  return <Sentence text={t("seg.stage")} parts={{ field }} />
}

function GenderFields({ leaf, onChange }: Props<"gender">) {
  const t = useT()
  const field = (
    <Choices
      width={120}
      label={t("customer.gender")}
      words={useWords().genders}
      value={leaf.genders}
      onChange={(genders) => onChange({ ...leaf, genders })}
    />
  )
  return <Sentence text={t("seg.gender")} parts={{ field }} />
}

function SourceFields({ leaf, onChange }: Props<"source">) {
  const t = useT()
  const { sources } = useWords()
  const kinds = [...new Set(sources.map(({ key }) => /^\w+:/.exec(key)?.[0]))].filter((kind) => kind !== undefined)
  // sources of one kind together, then each of them; the two are told apart by the colon at the end
  const words = [...kinds.map((kind) => ({ key: kind, label: t.of("segSource", kind.slice(0, -1)) })), ...sources]
  const field = (
    <Choices
      width={220}
      label={t("customer.source")}
      words={words}
      value={[...leaf.begins, ...leaf.sources]}
      onChange={(keys) =>
        onChange({
          ...leaf,
          begins: keys.filter((key) => key.endsWith(":") || leaf.begins.includes(key)),
          sources: keys.filter((key) => !key.endsWith(":") && !leaf.begins.includes(key)),
        })
      }
    />
  )
  return <Sentence text={t("seg.source")} parts={{ field }} />
}

function CreatedFields({ leaf, onChange }: Props<"created">) {
  const t = useT()
  const when = <WindowField ever={false} value={leaf.window} onChange={(window) => onChange({ ...leaf, window })} />
  return <Sentence text={t("seg.created")} parts={{ when }} />
}

interface Facet {
  key: string
  label: string
  isSet: boolean
  field: ReactNode
  /** Taken away again: as if it had never been asked for. */
  clear: () => void
  /** Where putting it there is itself a change. */
  begin?: () => void
}

/** What may narrow a condition further: each is there once asked for, and goes again. */
function useFacets(facets: Facet[]): { shown: ReactNode; more: ReactNode } {
  const t = useT()
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const isShown = (facet: Facet) => facet.isSet || opened.has(facet.key)
  const rest = facets.filter((facet) => !isShown(facet))
  const open = (facet: Facet) => {
    setOpened((before) => new Set([...before, facet.key]))
    facet.begin?.()
  }
  const close = (facet: Facet) => {
    setOpened((before) => new Set([...before].filter((key) => key !== facet.key)))
    facet.clear()
  }
  return {
    shown: facets.filter(isShown).map((facet) => (
      <span key={facet.key} className="rule-where">
        <span className="muted">{facet.label}</span>
        {facet.field}
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={t("seg.dropFacet", { what: facet.label })}
          onClick={() => close(facet)}
        />
      </span>
    )),
    more: rest.length > 0 && (
      <Dropdown
        trigger={["click"]}
        menu={{
          items: rest.map(({ key, label }) => ({ key, label })),
          onClick: ({ key }) => rest.filter((facet) => facet.key === key).forEach(open),
        }}
      >
        <Button type="link" size="small" icon={<PlusOutlined />}>
          {t("seg.narrow")}
        </Button>
      </Dropdown>
    ),
  }
}

const ADD_WAYS = [1, 2, 3, 4, 5, 6, 8, 10, 16, 24, 201, 202, 0]

function RelationFields({ leaf, onChange }: Props<"relation">) {
  const t = useT()
  const { relation_states } = useWords()
  const change = (changes: Partial<LeafOf<"relation">>) => onChange({ ...leaf, ...changes })
  const { shown, more } = useFacets([
    {
      key: "members",
      label: t("organization.member"),
      isSet: leaf.members.length > 0,
      field: <MemberSelect label={t("organization.member")} width={220} value={leaf.members} onChange={(members) => change({ members })} />,
      clear: () => change({ members: [] }),
    },
    {
      key: "stores",
      label: t("customer.store"),
      isSet: leaf.stores.length > 0,
      field: <StoresSelect label={t("customer.store")} width={220} value={leaf.stores} onChange={(stores) => change({ stores })} />,
      clear: () => change({ stores: [] }),
    },
    {
      key: "departments",
      label: t("seg.department"),
      isSet: leaf.departments.length > 0,
      field: (
        <span style={{ width: 220 }}>
          <DepartmentSelect label={t("seg.department")} value={leaf.departments} onChange={(departments) => change({ departments })} />
        </span>
      ),
      clear: () => change({ departments: [] }),
    },
    {
      key: "added",
      label: t("customer.added"),
      isSet: leaf.added !== null,
      field: leaf.added && <WindowField ever={false} value={leaf.added} onChange={(added) => change({ added })} />,
      begin: () => change({ added: days(7) }),
      clear: () => change({ added: null }),
    },
    {
      key: "add_ways",
      label: t("seg.addWay"),
      isSet: leaf.add_ways.length > 0,
      field: (
        <Choices
          label={t("seg.addWay")}
          words={ADD_WAYS.map((way) => ({ key: String(way), label: t.of("addWay", String(way)) }))}
          value={leaf.add_ways.map(String)}
          onChange={(ways) => change({ add_ways: ways.map(Number) })}
        />
      ),
      clear: () => change({ add_ways: [] }),
    },
  ])
  const states = (
    <Choices
      width={130}
      label={t("customer.relation")}
      placeholder={t("seg.isContact")}
      words={relation_states}
      value={leaf.states}
      onChange={(next) => change({ states: next })}
    />
  )
  return (
    <>
      <Sentence text={t("seg.relation")} parts={{ states }} />
      {shown}
      {more}
    </>
  )
}

function TagFields({ leaf, onChange }: Props<"tags">) {
  const t = useT()
  const { shown, more } = useFacets([
    {
      key: "added",
      label: t("seg.tagAdded"),
      isSet: leaf.added !== null,
      field: leaf.added && (
        <WindowField ever={false} value={leaf.added} onChange={(added) => onChange({ ...leaf, added })} />
      ),
      begin: () => onChange({ ...leaf, added: days(30) }),
      clear: () => onChange({ ...leaf, added: null }),
    },
  ])
  const which = (
    <Choice
      label={t("seg.tagsWhich")}
      words={(["any", "all", "none"] as const).map((key) => ({ key, label: t.of("segTags", key) }))}
      value={leaf.which}
      onChange={(next) => onChange({ ...leaf, which: next })}
    />
  )
  const tags = (
    <TagSelect
      label={t("customer.chooseTags")}
      width={240}
      value={leaf.tags}
      onChange={(next) => onChange({ ...leaf, tags: next })}
    />
  )
  return (
    <>
      <Sentence text={t("seg.tags")} parts={{ which, tags }} />
      {shown}
      {more}
    </>
  )
}

function IdentityFields({ leaf, onChange }: Props<"identity">) {
  const t = useT()
  const field = (
    <Choices
      label={t("segLeaf.identity")}
      words={useWords().identity_kinds}
      value={leaf.kinds}
      onChange={(kinds) => onChange({ ...leaf, kinds })}
    />
  )
  return <Sentence text={t("seg.identity")} parts={{ field }} />
}

function ConsentFields({ leaf, onChange }: Props<"consent">) {
  const t = useT()
  const { consent_channels, consent_purposes } = useWords()
  return (
    <Sentence
      text={t("seg.consent")}
      parts={{
        says: (
          <Choice
            label={t("seg.consentSays")}
            words={(["yes", "no", "nothing"] as const).map((key) => ({ key, label: t.of("segConsent", key) }))}
            value={leaf.says}
            onChange={(says) => onChange({ ...leaf, says })}
          />
        ),
        channel: (
          <Choice
            label={t("seg.consentChannel")}
            words={consent_channels}
            value={leaf.channel}
            onChange={(channel) => onChange({ ...leaf, channel })}
          />
        ),
        purpose: (
          <Choice
            label={t("seg.consentPurpose")}
            words={consent_purposes}
            value={leaf.purpose}
            onChange={(purpose) => onChange({ ...leaf, purpose })}
          />
        ),
      }}
    />
  )
}

const FIELD_KINDS: Record<string, ValueKind> = { number: "number", date: "date", choice: "choice", switch: "switch" }

function CustomFields({ leaf, onChange }: Props<"field">) {
  const t = useT()
  const { fields } = useWords()
  const kindOf = (key: string) => FIELD_KINDS[fields.find((field) => field.key === key)?.kind ?? ""] ?? "text"
  return (
    <span className="rule-sentence">
      <Choice
        label={t("segLeaf.field")}
        words={fields}
        value={leaf.field}
        onChange={(field) => onChange({ ...leaf, field, is: compared(kindOf(field)) })}
      />
      <ComparisonFields
        kind={kindOf(leaf.field)}
        options={fields.find(({ key }) => key === leaf.field)?.options}
        value={leaf.is}
        onChange={(is) => onChange({ ...leaf, is })}
      />
    </span>
  )
}

function EventFields({ leaf, onChange }: Props<"events">) {
  const t = useT()
  const vocabulary = useWords()
  const numbers = fieldsOf(leaf.which, vocabulary, t).filter(({ key, kind }) => key.startsWith("props.") && kind === "number")
  const amounts = [{ key: "amount_fen", label: t("seg.amount") }, ...numbers]
  const change = (changes: Partial<LeafOf<"events">>) => onChange({ ...leaf, ...changes })
  const measure = (
    <>
      {AMOUNTS.includes(leaf.is.measure) && numbers.length > 0 && (
        <Choice label={t("seg.amountOf")} words={amounts} value={leaf.amount} onChange={(amount) => change({ amount })} />
      )}
      <MeasureFields of="events" money={leaf.amount === "amount_fen"} value={leaf.is} onChange={(is) => change({ is })} />
    </>
  )
  return (
    <>
      <Sentence
        text={t("seg.events")}
        parts={{
          when: <WindowField value={leaf.window} onChange={(window) => change({ window })} />,
          events: (
            <EventSelect
              label={t("seg.chooseEvents")}
              value={leaf.which.events}
              onChange={(events) => change({ which: { ...leaf.which, events } })}
            />
          ),
          measure,
        }}
      />
      <WhereFields value={leaf.which} onChange={(which) => change({ which })} />
      <AddWhere value={leaf.which} onChange={(which) => change({ which })} />
    </>
  )
}

function OrderFields({ leaf, onChange }: Props<"orders">) {
  const t = useT()
  const { order_sources } = useWords()
  const change = (changes: Partial<LeafOf<"orders">>) => onChange({ ...leaf, ...changes })
  const { shown, more } = useFacets([
    {
      key: "sources",
      label: t("seg.orderSource"),
      isSet: leaf.sources.length > 0,
      field: (
        <Choices
          label={t("seg.orderSource")}
          words={order_sources.map(({ id, name }) => ({ key: String(id), label: name }))}
          value={leaf.sources.map(String)}
          onChange={(ids) => change({ sources: ids.map(Number) })}
        />
      ),
      clear: () => change({ sources: [] }),
    },
    {
      key: "stores",
      label: t("customer.store"),
      isSet: leaf.stores.length > 0,
      field: <StoresSelect label={t("customer.store")} width={220} value={leaf.stores} onChange={(stores) => change({ stores })} />,
      clear: () => change({ stores: [] }),
    },
    {
      key: "title",
      label: t("seg.productTitle"),
      isSet: leaf.title !== "",
      field: (
        <Input
          aria-label={t("seg.productTitle")}
          variant="filled"
          maxLength={100}
          value={leaf.title}
          onChange={(event) => change({ title: event.target.value })}
          style={{ width: 160 }}
        />
      ),
      clear: () => change({ title: "" }),
    },
    {
      key: "skus",
      label: "SKU",
      isSet: leaf.skus.length > 0,
      field: (
        <Select<string[]>
          mode="tags"
          open={false}
          suffixIcon={null}
          aria-label="SKU"
          placeholder={t("seg.typeValues")}
          variant="filled"
          value={leaf.skus}
          onChange={(skus) => change({ skus })}
          tokenSeparators={["，", ",", " "]}
          style={{ minWidth: 200, maxWidth: "100%" }}
        />
      ),
      clear: () => change({ skus: [] }),
    },
    {
      key: "gross",
      label: t("seg.gross"),
      isSet: leaf.gross === true,
      field: <Switch size="small" aria-label={t("seg.gross")} checked={leaf.gross === true} onChange={(gross) => change({ gross })} />,
      clear: () => change({ gross: false }),
    },
  ])
  return (
    <>
      <Sentence
        text={t("seg.orders")}
        parts={{
          when: <WindowField value={leaf.window} onChange={(window) => change({ window })} />,
          measure: <MeasureFields of="orders" money value={leaf.is} onChange={(is) => change({ is })} />,
        }}
      />
      {shown}
      {more}
    </>
  )
}

function SequenceFields({ leaf, onChange }: Props<"sequence">) {
  const t = useT()
  const change = (changes: Partial<LeafOf<"sequence">>) => onChange({ ...leaf, ...changes })
  const step = (place: number, which: Which) => change({ steps: leaf.steps.with(place, which) })
  return (
    <div className="rule-steps">
      <Sentence
        text={t("seg.sequence")}
        parts={{
          when: <WindowField value={leaf.window} onChange={(window) => change({ window })} />,
          within: (
            <DurationFields
              amount={leaf.within.amount}
              unit={leaf.within.unit}
              onChange={(amount, unit) => change({ within: { amount, unit } })}
            />
          ),
        }}
      />
      {leaf.steps.map((which, place) => (
        <div key={place} className="rule-sentence">
          <span className="rule-step numeric">{place + 1}</span>
          <EventSelect
            label={t("seg.stepNumber", { number: place + 1 })}
            value={which.events}
            onChange={(events) => step(place, { ...which, events })}
          />
          <WhereFields value={which} onChange={(next) => step(place, next)} />
          <AddWhere value={which} onChange={(next) => step(place, next)} />
          {leaf.steps.length > 2 && (
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t("seg.removeStep", { number: place + 1 })}
              onClick={() => change({ steps: leaf.steps.toSpliced(place, 1) })}
            />
          )}
        </div>
      ))}
      {leaf.excluding && (
        <div className="rule-sentence">
          <span>{t("seg.excluding")}</span>
          <EventSelect
            label={t("seg.excludingEvents")}
            value={leaf.excluding.events}
            onChange={(events) => change({ excluding: { events, where: leaf.excluding?.where ?? [] } })}
          />
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t("seg.dropFacet", { what: t("seg.excluding") })}
            onClick={() => change({ excluding: null })}
          />
        </div>
      )}
      <div className="row">
        {leaf.steps.length < 5 && (
          <Button
            type="link"
            size="small"
            icon={<PlusOutlined />}
            onClick={() => change({ steps: [...leaf.steps, { events: [], where: [] }] })}
          >
            {t("seg.addStep")}
          </Button>
        )}
        {!leaf.excluding && (
          <Button
            type="link"
            size="small"
            icon={<PlusOutlined />}
            onClick={() => change({ excluding: { events: [], where: [] } })}
          >
            {t("seg.addExcluding")}
          </Button>
        )}
      </div>
    </div>
  )
}

function ShareFields({ leaf, onChange }: Props<"share">) {
  const t = useT()
  return (
    <Sentence
      text={t("seg.share")}
      parts={{
        percent: (
          <NumberField
            label={t("seg.percent")}
            suffix="%"
            min={0.01}
            max={100}
            value={leaf.percent}
            onChange={(percent) => onChange({ ...leaf, percent })}
          />
        ),
        salt: (
          <Input
            aria-label={t("seg.salt")}
            variant="filled"
            maxLength={64}
            value={leaf.salt}
            onChange={(event) => onChange({ ...leaf, salt: event.target.value })}
            style={{ width: 110 }}
          />
        ),
        start: (
          <NumberField
            label={t("seg.start")}
            suffix="%"
            min={0}
            max={99.99}
            value={leaf.start}
            onChange={(start) => onChange({ ...leaf, start })}
          />
        ),
      }}
    />
  )
}

function PeopleFields({ leaf, onChange }: Props<"people">) {
  const t = useT()
  const field = (
    <CustomerSelect label={t("seg.choosePeople")} width={280} value={leaf.ids} onChange={(ids) => onChange({ ...leaf, ids })} />
  )
  return <Sentence text={t("seg.people.list")} parts={{ field }} />
}

function SegmentFields({ leaf, onChange }: Props<"segment">) {
  const t = useT()
  const { segments } = useWords()
  const field = (
    <Select<number>
      aria-label={t("seg.chooseSegment")}
      placeholder={t("seg.chooseSegment")}
      variant="filled"
      value={leaf.segment || undefined}
      onChange={(segment) => onChange({ ...leaf, segment })}
      options={segments.map(({ id, name }) => ({ value: id, label: readable(name) }))}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: "label" }}
      style={{ minWidth: 180, maxWidth: "100%" }}
    />
  )
  return <Sentence text={t("seg.segment")} parts={{ field }} />
}
