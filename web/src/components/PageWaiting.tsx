import { Skeleton } from "antd"

import { LoadFailed } from "./LoadFailed"
import { PageHeader } from "./PageHeader"

interface Props {
  title: string
  back?: { to: string; label: string }
  error: unknown
  onRetry: () => void
}

/** A page whose data is on its way, or could not be had: its heading and the way back are there already. */
export function PageWaiting({ title, back, error, onRetry }: Props) {
  return (
    <>
      <PageHeader title={title} back={back} />
      {error ? <LoadFailed error={error} what={title} onRetry={onRetry} /> : <Skeleton active paragraph={{ rows: 8 }} />}
    </>
  )
}
