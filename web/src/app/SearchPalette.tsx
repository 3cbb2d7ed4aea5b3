import { LoadingOutlined, SearchOutlined } from "@ant-design/icons"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Modal } from "antd"
import { type KeyboardEvent, useDeferredValue, useState } from "react"
import { useNavigate } from "react-router"

import { answer, api } from "../api/client"
import { LoadFailed } from "../components/LoadFailed"
import { useT } from "../i18n"
import { readable } from "../lib/readable"
import { useViewer } from "../lib/viewer"
import { navigationFor } from "./navigation"
import "./SearchPalette.css"

interface Hit {
  key: string
  kind: string
  title: string
  subtitle?: string | null
  path: string
}

function useSearch(text: string) {
  const { data, error, isFetching } = useQuery({
    queryKey: ["search", text],
    queryFn: ({ signal }) => answer(api.GET("/api/search", { params: { query: { q: text } }, signal })),
    enabled: text.length > 0,
    placeholderData: keepPreviousData,
  })
  const found: Hit[] = (text ? (data?.items ?? []) : []).map((hit) => ({
    ...hit,
    key: `${hit.kind}:${hit.id}`,
    path: hit.href,
  }))
  return { found, error, isFetching }
}

/** Pages of the console whose name contains what was typed. */
function usePages(text: string): Hit[] {
  const t = useT()
  const { permissions } = useViewer()
  return navigationFor(permissions)
    .flatMap((group) => group.items)
    .filter((item) => t(item.label).toLowerCase().includes(text.toLowerCase()))
    .map((item) => ({ key: item.path, kind: "page", title: t(item.label), path: item.path }))
}

export function SearchPalette({ onClose }: { onClose: () => void }) {
  const t = useT()
  const navigate = useNavigate()
  const [text, setText] = useState("")
  const [cursor, setCursor] = useState(0)
  const wanted = useDeferredValue(text.trim())
  const { found, error, isFetching } = useSearch(wanted)
  const hits = [...found, ...usePages(wanted)]
  const current = Math.min(cursor, hits.length - 1)

  const open = (hit: Hit | undefined) => {
    if (!hit) return
    onClose()
    void navigate(hit.path)
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === "ArrowDown") setCursor(Math.min(current + 1, hits.length - 1))
    else if (event.key === "ArrowUp") setCursor(Math.max(current - 1, 0))
    else if (event.key === "Enter") open(hits[current])
    else return
    event.preventDefault()
  }

  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={600}
      style={{ top: 72 }}
      classNames={{ container: "palette" }}
      aria-label={t("search.title")}
    >
      <div className="palette-field">
        {isFetching ? <LoadingOutlined /> : <SearchOutlined />}
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-hits"
          aria-activedescendant={hits[current] && `palette-hit-${current}`}
          aria-label={t("search.title")}
          placeholder={t("search.placeholder")}
          value={text}
          maxLength={100}
          onChange={(event) => {
            setText(event.target.value)
            setCursor(0)
          }}
          onKeyDown={press}
        />
      </div>
      {error && <LoadFailed error={error} what={t("search.title")} />}
      <ul className="palette-hits" id="palette-hits" role="listbox" aria-label={t("search.results")}>
        {hits.map((hit, index) => (
          <li
            key={hit.key}
            id={`palette-hit-${index}`}
            role="option"
            aria-selected={index === current}
            onMouseMove={() => setCursor(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => open(hit)}
          >
            <span className="palette-kind">{t.of("searchKind", hit.kind)}</span>
            <bdi className="clip">{readable(hit.title)}</bdi>
            {hit.subtitle && <bdi className="clip muted">{readable(hit.subtitle)}</bdi>}
          </li>
        ))}
      </ul>
      {hits.length === 0 && !isFetching && <p className="palette-none muted">{t("search.none")}</p>}
      <p className="palette-help muted small">{t("search.help")}</p>
    </Modal>
  )
}
