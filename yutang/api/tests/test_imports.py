"""Importing through the console's API: upload, mapping, dry run, run, what was left out, and who may."""

from django.core.files.uploadedfile import SimpleUploadedFile

from yutang.commerce.models import ImportRun, Order
from yutang.kernel import jobs
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Role, ScopeKind

TABLE = (
    "单据,什么时候,会员号,SKU,数量,单价\nA1,2026-01-05,m1,apple,2,3.5\nA2,2026-01-06,,pear,1,8\nA3,someday,m1,fig,1,1\n"
)


def upload(api, text=TABLE, *, name="till.csv", **fields):
    return api.client.post("/api/imports", {"file": SimpleUploadedFile(name, text.encode()), **fields})


def test_a_file_is_uploaded_mapped_tried_and_imported(api):
    made = upload(api, source="till", zone="Asia/Shanghai")
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["state"], body["source"], body["missing"]) == ("uploaded", "till", ["Placed at"])
    address = f"/imports/{body['id']}"

    refused = api.post(f"{address}/start", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "mapping_incomplete")

    mapping = {"order_number": 0, "placed_at": "什么时候", "member_no": 2, "sku": 3, "quantity": 4, "unit_price": 5}
    mapped = api.put(f"{address}/mapping", {"mapping": mapping, "options": {"max_bad_percent": 50}})
    assert (mapped.status_code, mapped.json()["state"], mapped.json()["missing"]) == (200, "mapped", [])

    assert api.post(f"{address}/dry-run").json()["state"] == "checking"
    jobs.run_due(lanes=("bulk",))
    ready = api.get(address).json()
    assert (ready["state"], ready["rows"], ready["bad_rows"], ready["summary"]["value"]) == ("ready", 3, 1, "15")
    assert ready["bad_by_reason"] == [{"code": "bad_date", "label": "unreadable date", "count": 1}]
    assert not Order.objects.exists()

    assert api.post(f"{address}/start", {}).json()["state"] == "running"
    jobs.run_due(lanes=("bulk",))
    done = api.get(address).json()
    assert (done["state"], done["rows_written"], done["counts"]["orders_new"]) == ("done", 2, 2)

    left_out = api.get(f"{address}/bad-rows.csv")
    text = b"".join(left_out.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1] == "A3,someday,m1,fig,1,1,无法识别的日期 / unreadable date,till.csv,4"
    listed = api.get("/imports").json()
    assert [each["id"] for each in listed["items"]] == [body["id"]]
    actions = set(AuditEntry.objects.filter(subject_kind="import").values_list("action", flat=True))
    assert actions == {"import.uploaded", "import.mapped", "import.checked", "import.started"}


def test_the_mapping_of_a_source_is_remembered_for_the_next_file(api):
    body = upload(api, source="till").json()
    mapping = {"order_number": 0, "placed_at": 1, "member_no": 2, "sku": 3, "quantity": 4, "unit_price": 5}
    api.put(f"/imports/{body['id']}/mapping", {"mapping": mapping, "options": {"max_bad_percent": 50}})
    api.post(f"/imports/{body['id']}/start", {})
    jobs.run_due(lanes=("bulk",))

    again = upload(api, source="till").json()
    assert (again["state"], again["mapping"]) == ("mapped", mapping)


def test_wrong_columns_fields_and_options_are_refused_by_name(api):
    address = f"/imports/{upload(api).json()['id']}/mapping"

    for body, code in (
        ({"mapping": {"order_number": "没有这一列"}}, "unknown_column"),
        ({"mapping": {"order_number": 99}}, "unknown_column"),
        ({"mapping": {"shoe_size": 0}}, "unknown_field"),
        ({"options": {"zone": "Mars/Olympus"}}, "bad_option"),
        ({"options": {"currency": "12"}}, "bad_option"),
    ):
        refused = api.put(address, body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_a_file_that_is_no_table_is_refused_and_not_kept(api):
    refused = upload(api, "", name="empty.csv")

    assert (refused.status_code, refused.json()["code"]) == (422, "file_unreadable")
    assert not ImportRun.objects.exists()


def test_cancel_and_resume_know_their_states(api):
    body = upload(api).json()
    assert api.post(f"/imports/{body['id']}/resume").status_code == 409
    assert api.post(f"/imports/{body['id']}/cancel").json()["state"] == "cancelled"
    assert api.post(f"/imports/{body['id']}/cancel").status_code == 409
    assert api.get("/imports/999999").status_code == 404


def test_imports_need_the_permission_and_narrow_scopes_see_their_own_only(api, api_for, make_account):
    body = upload(api).json()
    guide = api_for(make_account(role=Role.GUIDE, scope=ScopeKind.OWN))
    operator = api_for(make_account(role=Role.OPERATOR, scope=ScopeKind.DEPARTMENT))

    assert upload(guide).status_code == 403
    assert operator.get(f"/imports/{body['id']}").status_code == 404
    mine = upload(operator).json()["id"]
    assert [each["id"] for each in operator.get("/imports").json()["items"]] == [mine]
    assert {each["id"] for each in api.get("/imports").json()["items"]} == {mine, body["id"]}
