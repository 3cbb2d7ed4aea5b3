import { Form, Modal, Segmented, Select, TreeSelect } from "antd"
import { useState } from "react"

import { useDepartments } from "../../api/directory"
import type { CorpOut } from "../../api/schema"
import { MemberSelect } from "../../components/pickers/MemberSelect"
import { useT } from "../../i18n"
import { departmentTree } from "../../lib/departmentTree"
import { readable } from "../../lib/readable"
import type { Holder } from "./api"

type HolderKind = "department" | "member"

interface Props {
  corps: CorpOut[]
  onClose: () => void
  onChosen: (holder: Holder) => void
}

/** Whose welcome is to be written. */
export function HolderDialog({ corps, onClose, onChosen }: Props) {
  const t = useT()
  const [corp, setCorp] = useState(corps[0]?.id ?? 0)
  const [kind, setKind] = useState<HolderKind>("department")
  const [chosen, setChosen] = useState<number>()
  const { data } = useDepartments()
  const departments = (data?.items ?? []).filter((each) => each.corp_id === corp && !each.is_gone)
  return (
    <Modal
      open
      title={t("welcome.new")}
      onCancel={onClose}
      okText={t("welcome.write")}
      okButtonProps={{ disabled: !chosen }}
      onOk={() => chosen && onChosen({ corp_id: corp, [`${kind}_id`]: chosen })}
    >
      <Form layout="vertical" component="div">
        {corps.length > 1 && (
          <Form.Item label={t("code.corp")}>
            <Select
              aria-label={t("code.corp")}
              value={corp}
              onChange={setCorp}
              options={corps.map(({ id, name }) => ({ value: id, label: readable(name) }))}
            />
          </Form.Item>
        )}
        <Form.Item label={t("welcome.for")}>
          <Segmented<HolderKind>
            value={kind}
            onChange={(next) => {
              setKind(next)
              setChosen(undefined)
            }}
            options={[
              { value: "department", label: t("organization.department") },
              { value: "member", label: t("organization.member") },
            ]}
          />
        </Form.Item>
        {kind === "member" ? (
          <MemberSelect single label={t("organization.member")} value={chosen ? [chosen] : []} onChange={([id]) => setChosen(id)} />
        ) : (
          <TreeSelect<number>
            aria-label={t("organization.department")}
            placeholder={t("organization.department")}
            value={chosen}
            onChange={setChosen}
            treeData={departmentTree(departments)}
            treeDefaultExpandAll
            style={{ width: "100%" }}
          />
        )}
      </Form>
    </Modal>
  )
}
