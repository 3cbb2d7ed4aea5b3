import { Alert, Button, Form, Input, Select, Switch, Table } from "antd"
import { useState } from "react"

import type { ImportDetailOut, ImportOptions } from "../../api/schema"
import { Name } from "../../components/Name"
import { Panel } from "../../components/Panel"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useCheckImport, useImportFields } from "./api"
import { give, mappingOf, meaningsOf, samplesOf } from "./mapping"

interface Props {
  run: ImportDetailOut
  onChecked: () => void
}

/** The columns of the file with what stands in them, and what each means as far as it could be guessed. */
export function MappingPanel({ run, onChecked }: Props) {
  const t = useT()
  const { data: fields } = useImportFields()
  const [meanings, setMeanings] = useState(() => meaningsOf(run.mapping, run.columns.length))
  const [options, setOptions] = useState<ImportOptions>(run.options as ImportOptions)
  const check = useCheckImport(run.id)
  const refused = useFormRefusal()
  const label = (name: string) => fields?.find((field) => field.name === name)?.label ?? name
  const missing = run.missing.filter((field) => !meanings.includes(field))

  return (
    <>
      <Alert
        type={missing.length > 0 ? "warning" : "info"}
        showIcon
        title={missing.length > 0 ? t("import.missing", { fields: missing.map(label).join("、") }) : t("import.guessed")}
        action={
          <Button
            type="primary"
            loading={check.isPending}
            disabled={missing.length > 0}
            onClick={() =>
              check.mutate({ mapping: mappingOf(meanings), options }, { onSuccess: onChecked, onError: refused })
            }
          >
            {t("import.dryRun")}
          </Button>
        }
      />
      {run.platform && <RecognisedAlert platform={run.platform} />}
      <Panel title={t("import.columns")} flush>
        <Table<{ name: string; position: number }>
          size="small"
          rowKey="position"
          pagination={false}
          scroll={{ x: 640 }}
          dataSource={run.columns.map((name, position) => ({ name, position }))}
          columns={[
            { title: t("import.column"), dataIndex: "name", width: 200, render: (name: string) => <Name text={name} strong width={190} /> },
            {
              title: t("import.samples"),
              key: "samples",
              render: (_, { position }) => (
                <span className="import-samples">
                  {samplesOf(run.samples, position).map((sample) => (
                    <Name key={sample} text={sample} width={260} />
                  ))}
                </span>
              ),
            },
            {
              title: t("import.meaning"),
              key: "meaning",
              width: 220,
              render: (_, { name, position }) => (
                <Select
                  allowClear
                  aria-label={t("import.meaningOf", { column: readable(name) })}
                  placeholder={t("import.aside")}
                  value={meanings[position]}
                  onChange={(field?: string | null) => setMeanings(give(meanings, position, field ?? null))}
                  options={(fields ?? []).map((field) => ({ value: field.name, label: field.label }))}
                  showSearch={{ optionFilterProp: "label" }}
                  style={{ width: "100%" }}
                />
              ),
            },
          ]}
        />
      </Panel>
      <OptionsPanel options={options} onChange={setOptions} />
    </>
  )
}

/** Which platform's export this is, and how sure that is. */
function RecognisedAlert({ platform }: { platform: NonNullable<ImportDetailOut["platform"]> }) {
  const t = useT()
  const words = { platform: platform.name, layout: platform.layout, date: platform.checked_on }
  return (
    <Alert
      type={platform.checked ? "success" : "warning"}
      showIcon
      title={t(platform.layout ? "import.recognised" : "import.namedAfter", words)}
      description={t(platform.checked ? "import.layoutChecked" : "import.layoutUnchecked", words)}
    />
  )
}

function OptionsPanel({ options, onChange }: { options: ImportOptions; onChange: (options: ImportOptions) => void }) {
  const t = useT()
  const set = (changes: Partial<ImportOptions>) => onChange({ ...options, ...changes })
  return (
    <Panel title={t("import.options")}>
      <Form layout="vertical" component="div">
        <div className="row" style={{ gap: 16, alignItems: "flex-start" }}>
          <Form.Item label={t("merchant.zone")} extra={t("import.zoneHelp")}>
            <Select
              showSearch
              aria-label={t("merchant.zone")}
              value={options.zone}
              onChange={(zone) => set({ zone })}
              options={Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone }))}
              style={{ width: 220 }}
            />
          </Form.Item>
          <Form.Item label={t("import.currency")}>
            <Input
              aria-label={t("import.currency")}
              value={options.currency ?? ""}
              maxLength={3}
              onChange={({ target }) => set({ currency: target.value.toUpperCase() })}
              style={{ width: 90 }}
            />
          </Form.Item>
          <Form.Item label={t("import.dates")} extra={t("import.datesHelp")}>
            <Select
              allowClear
              aria-label={t("import.dates")}
              placeholder={t("import.auto")}
              value={options.date_order}
              onChange={(date_order?: "dmy" | "mdy" | null) => set({ date_order: date_order ?? null })}
              options={(["dmy", "mdy"] as const).map((value) => ({ value, label: t.of("dateOrder", value) }))}
              style={{ width: 150 }}
            />
          </Form.Item>
          <Form.Item label={t("import.cancellations")} extra={t("import.prefixHelp")}>
            <Input
              aria-label={t("import.cancellations")}
              maxLength={10}
              value={options.cancellation_prefix ?? ""}
              onChange={({ target }) => set({ cancellation_prefix: target.value })}
              style={{ width: 110 }}
            />
          </Form.Item>
          <Form.Item label={t("import.amountOfOrder")} extra={t("import.amountOfOrderHelp")}>
            <Switch
              aria-label={t("import.amountOfOrder")}
              checked={options.amount_of_order ?? false}
              onChange={(amount_of_order) => set({ amount_of_order })}
            />
          </Form.Item>
          <Form.Item label={t("import.adjustments")}>
            <Input
              aria-label={t("import.adjustments")}
              maxLength={10}
              value={options.adjustment_prefix ?? ""}
              onChange={({ target }) => set({ adjustment_prefix: target.value })}
              style={{ width: 110 }}
            />
          </Form.Item>
        </div>
      </Form>
    </Panel>
  )
}
