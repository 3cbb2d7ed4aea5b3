import { DeleteOutlined, PlusOutlined } from "@ant-design/icons"
import { Button } from "antd"

import { HoursField } from "../../components/HoursField"
import { useT } from "../../i18n"
import { type HoursText, officeHours } from "../../lib/hours"

export function HoursList({ value, onChange }: { value: HoursText[]; onChange: (hours: HoursText[]) => void }) {
  const t = useT()
  return (
    <div className="stack" style={{ marginTop: 8, gap: 6 }}>
      {value.map((hours, index) => (
        <div key={index} className="row">
          <HoursField
            value={hours}
            onChange={(changed) => onChange(value.map((each, place) => (place === index ? changed : each)))}
          />
          <Button
            type="text"
            size="small"
            danger
            icon={<DeleteOutlined />}
            aria-label={t("hours.remove")}
            onClick={() => onChange(value.filter((_, place) => place !== index))}
          />
        </div>
      ))}
      <div>
        <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...value, officeHours()])}>
          {t("hours.add")}
        </Button>
      </div>
    </div>
  )
}
