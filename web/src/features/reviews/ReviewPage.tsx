import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Segmented, Skeleton } from "antd"
import { Link, useSearchParams } from "react-router"

import { answer, api } from "../../api/client"
import type { CustomerRow, ReviewOut, ReviewState } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { Facts } from "../../components/Facts"
import { LoadFailed } from "../../components/LoadFailed"
import { MoneyText } from "../../components/MoneyText"
import { PageHeader } from "../../components/PageHeader"
import { PersonName } from "../../components/PersonName"
import { TagChips } from "../../components/TagChips"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import "./reviews.css"

const states: ReviewState[] = ["open", "merged", "kept_apart"]

function useReviews(state: ReviewState, cursor: string | undefined) {
  return useQuery({
    queryKey: ["reviews", state, cursor],
    queryFn: ({ signal }) => answer(api.GET("/api/reviews", { params: { query: { state, cursor, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

function useDecide() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, same }: { id: number; same: boolean }) =>
      answer(api.POST("/api/reviews/{review_id}/decide", { params: { path: { review_id: id } }, body: { same } })),
    onSuccess: () =>
      Promise.all(["reviews", "customers", "overview"].map((topic) => client.invalidateQueries({ queryKey: [topic] }))),
  })
}

export function ReviewPage() {
  const t = useT()
  const [search, setSearch] = useSearchParams()
  const pager = usePager()
  const state = states.find((each) => each === search.get("state")) ?? "open"
  const { data, error, refetch } = useReviews(state, pager.cursor)
  const next = data?.next
  return (
    <>
      <PageHeader title={t("nav.reviews")} help={t("review.help")} />
      <Segmented<ReviewState>
        value={state}
        onChange={(chosen) => setSearch({ state: chosen }, { replace: true })}
        options={states.map((each) => ({ value: each, label: t.of("reviewState", each) }))}
        style={{ marginBottom: 12 }}
      />
      {error && <LoadFailed error={error} what={t("nav.reviews")} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active paragraph={{ rows: 8 }} />}
      {data?.items.length === 0 && (
        <div className="server-table-empty">
          <EmptyState title={t("review.none")} help={t("review.noneHelp")} />
        </div>
      )}
      <div className="stack">{data?.items.map((review) => <Review key={review.id} review={review} />)}</div>
      <div className="row" style={{ marginTop: 12 }}>
        {pager.depth > 0 && <Button onClick={pager.previous}>{t("table.previous")}</Button>}
        {next && <Button onClick={() => pager.next(next)}>{t("table.next")}</Button>}
      </div>
    </>
  )
}

function Review({ review }: { review: ReviewOut }) {
  const t = useT()
  const decide = useDecide()
  const refused = useFormRefusal()
  const send = (same: boolean) => decide.mutate({ id: review.id, same }, { onError: refused })
  const evidence = Object.entries(review.evidence)
  return (
    <section className="panel review" aria-label={t("review.pair", { left: readable(review.left.name), right: readable(review.right.name) })}>
      <div className="review-pair">
        <Side customer={review.left} />
        <Side customer={review.right} />
      </div>
      <footer className="row">
        <span className="small">
          {t("review.because")} <strong>{t.of("mergeReason", review.reason)}</strong>{" "}
          <span className="muted">
            {evidence.map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join(" · ")}
          </span>
        </span>
        <span className="row end">
          {review.state === "open" ? (
            <>
              <Button loading={decide.isPending && !decide.variables.same} onClick={() => send(false)}>
                {t("review.apart")}
              </Button>
              <Button type="primary" loading={decide.isPending && decide.variables.same} onClick={() => send(true)}>
                {t("review.same")}
              </Button>
            </>
          ) : (
            <span className="small muted">
              {t("review.decided", { who: readable(review.decided_by) })} <TimeText at={review.decided_at} />
            </span>
          )}
        </span>
      </footer>
    </section>
  )
}

function Side({ customer }: { customer: CustomerRow }) {
  const t = useT()
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Link to={`/customers/${customer.id}`}>
        <PersonName
          id={customer.id}
          name={customer.name}
          avatar={customer.avatar}
          detail={customer.remark}
          size={36}
          fallback={t("customer.numbered", { id: customer.id })}
        />
      </Link>
      <Facts
        items={[
          [t("customer.phone"), customer.phone_masked],
          [t("customer.stage"), t.of("stage", customer.stage)],
          [t("customer.source"), readable(customer.source_label) || null],
          [t("customer.owners"), customer.owners.map(({ name }) => readable(name)).join("、") || null],
          [t("customer.tags"), customer.tags.length ? <TagChips key="tags" tags={customer.tags} /> : null],
          [
            t("customer.orders"),
            <span key="orders">
              {customer.order_count} · <MoneyText fen={customer.spent_fen} />
            </span>,
          ],
          [t("customer.created"), <TimeText key="created" at={customer.created_at} absolute />],
        ]}
      />
    </div>
  )
}
