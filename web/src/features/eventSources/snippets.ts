/** What a developer copies to send the first event. `host` is how the world reaches us. */
export function snippets(host: string, key: string): { name: string; text: string }[] {
  return [
    {
      name: "browser",
      text: `<script>
window.yutang = window.yutang || [];
["track", "identify", "page", "group", "alias", "reset", "consent"].forEach(function (call) {
  yutang[call] = function () { yutang.push([call].concat([].slice.call(arguments))); };
});
yutang.page();
</script>
<script async src="${host}/e/yutang.js" data-key="${key}"></script>`,
    },
    {
      name: "python",
      text: `# pip install segment-analytics-python
import segment.analytics as analytics

analytics.host = "${host}"
analytics.write_key = "${key}"
analytics.track("M-1001", "Order Completed", {"order_id": "A1", "total": 128.5})
analytics.flush()`,
    },
    {
      name: "node",
      text: `// npm install @segment/analytics-node
import { Analytics } from "@segment/analytics-node"

const analytics = new Analytics({ writeKey: "${key}", host: "${host}" })
analytics.track({ userId: "M-1001", event: "Order Completed", properties: { order_id: "A1", total: 128.5 } })
await analytics.closeAndFlush()`,
    },
    {
      name: "curl",
      text: `curl ${host}/v1/track -u ${key}: -H 'Content-Type: application/json' -d '{
  "userId": "M-1001",
  "event": "Order Completed",
  "properties": {"order_id": "A1", "total": 128.5}
}'`,
    },
  ]
}
