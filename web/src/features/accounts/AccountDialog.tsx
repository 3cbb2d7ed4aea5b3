import { Form, Input, Modal, Select } from "antd"

import type { AccountIn, AccountOut, NewAccount, Role, ScopeKind } from "../../api/schema"
import { DepartmentSelect } from "../../components/pickers/DepartmentSelect"
import { MemberSelect } from "../../components/pickers/MemberSelect"
import { StoresSelect } from "../../components/pickers/StoreSelect"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useChangeAccount, useCreateAccount, useRoles } from "./api"

const scopes: ScopeKind[] = ["all", "department", "store", "own"]

interface Fields {
  username: string
  name: string
  password: string
  role: Role
  scope_kind: ScopeKind
  department_ids: number[]
  store_ids: number[]
  member_id: number | null
}

function fieldsOf(account: AccountOut | null): Partial<Fields> {
  if (!account) return { role: "operator", scope_kind: "all", department_ids: [], store_ids: [], member_id: null }
  return {
    ...account,
    department_ids: account.departments.map(({ id }) => id),
    store_ids: account.stores.map(({ id }) => id),
    member_id: account.member?.id ?? null,
  }
}

function bodyOf(fields: Fields): AccountIn {
  return {
    username: fields.username,
    name: fields.name,
    role: fields.role,
    scope_kind: fields.scope_kind,
    department_ids: fields.scope_kind === "department" ? fields.department_ids : [],
    store_ids: fields.scope_kind === "store" ? fields.store_ids : [],
    member_id: fields.member_id,
  }
}

export function AccountDialog({ account, onClose }: { account: AccountOut | null; onClose: () => void }) {
  const t = useT()
  const [form] = Form.useForm<Fields>()
  const { data: roles } = useRoles()
  const create = useCreateAccount()
  const change = useChangeAccount(account?.id ?? 0)
  const refused = useFormRefusal(form)
  const role = Form.useWatch("role", form)
  const scope = Form.useWatch("scope_kind", form)
  const rules = [{ required: true, message: t("form.required") }]
  const outcome = { onSuccess: onClose, onError: refused }

  const submit = (fields: Fields) => {
    if (account) change.mutate(bodyOf(fields), outcome)
    else create.mutate({ ...bodyOf(fields), password: fields.password } satisfies NewAccount, outcome)
  }
  return (
    <Modal
      open
      title={t(account ? "accounts.edit" : "accounts.new")}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("action.save")}
      confirmLoading={create.isPending || change.isPending}
    >
      <Form form={form} layout="vertical" initialValues={fieldsOf(account)} onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={t("accounts.name")} rules={rules}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item name="username" label={t("signIn.username")} rules={rules}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
        {!account && (
          <Form.Item name="password" label={t("accounts.firstPassword")} extra={t("security.passwordRule")} rules={rules}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        )}
        <Form.Item
          name="role"
          label={t("accounts.role")}
          rules={rules}
          extra={roles?.roles.find(({ name }) => name === role)?.purpose}
        >
          <Select options={(roles?.roles ?? []).map(({ name, label }) => ({ value: name, label }))} />
        </Form.Item>
        <Form.Item name="scope_kind" label={t("accounts.scope")} extra={scope && t.of("scopeHelp", scope)}>
          <Select options={scopes.map((kind) => ({ value: kind, label: t.of("scope", kind) }))} />
        </Form.Item>
        {scope === "department" && (
          <Form.Item name="department_ids" label={t("accounts.departments")} rules={rules} trigger="onChange">
            <DepartmentField label={t("accounts.departments")} />
          </Form.Item>
        )}
        {scope === "store" && (
          <Form.Item name="store_ids" label={t("accounts.stores")} rules={rules}>
            <StoresField label={t("accounts.stores")} />
          </Form.Item>
        )}
        <Form.Item name="member_id" label={t("accounts.member")} extra={t("accounts.memberHelp")}>
          <MemberField label={t("accounts.member")} known={account?.member ? [account.member] : []} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

// Form.Item hands value and onChange to its child; these fit the pickers to that.
interface FieldProps<Value> {
  label: string
  value?: Value
  onChange?: (value: Value) => void
}

function DepartmentField({ label, value = [], onChange }: FieldProps<number[]>) {
  return <DepartmentSelect label={label} value={value} onChange={(ids) => onChange?.(ids)} />
}

function StoresField({ label, value = [], onChange }: FieldProps<number[]>) {
  return <StoresSelect label={label} value={value} onChange={(ids) => onChange?.(ids)} />
}

function MemberField(props: FieldProps<number | null> & { known: { id: number; name: string }[] }) {
  const { label, value, onChange, known } = props
  return (
    <MemberSelect single label={label} value={value ? [value] : []} known={known} onChange={([id]) => onChange?.(id ?? null)} />
  )
}
