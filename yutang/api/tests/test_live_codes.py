import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from yutang.acquisition.models import CodeDay, LiveCode
from yutang.acquisition.tests.conftest import text_slot
from yutang.kernel import clock, jobs
from yutang.kernel.models import AuditEntry, Job
from yutang.organization.models import Role, ScopeKind, Store
from yutang.organization.services.merchant import the_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(make_member: Callable[..., Any]) -> Any:
    return make_member("ann", name="安安")


@pytest.fixture
def bob(make_member: Callable[..., Any]) -> Any:
    return make_member("bob", name="小波")


@pytest.fixture
def body(ann: Any) -> dict[str, Any]:
    return {"name": "收银台", "corp_id": ann.corp_id, "assignees": [{"member_id": ann.pk}]}


def test_a_code_is_made_read_and_listed(api: Any, ann: Any, body: dict[str, Any]) -> None:
    hours = {"starts": "09:00", "ends": "18:00", "weekdays": [1, 2, 3, 4, 5]}
    body |= {
        "rotation": "ratio",
        "accept": "hours",
        "accept_hours": [hours],
        "shifts": [{"hours": hours, "member_ids": [ann.pk]}],
        "welcome": {"slots": [text_slot("{nickname}您好", hours=hours)], "suppressed_nicknames": ["代购"]},
        "touchpoint": "门口海报",
    }

    made = api.post("/live-codes", body)

    assert made.status_code == 201, made.content
    read = api.get(f"/live-codes/{made.json()['id']}").json()
    assert read == made.json()
    assert (read["rotation"], read["version"], read["sync_state"], read["may_edit"]) == ("ratio", 1, "waiting", True)
    assert read["accept_hours"] == [{"starts": "09:00", "ends": "18:00", "weekdays": [1, 2, 3, 4, 5]}]
    assert read["assignees"][0]["member"]["name"] == "安安"
    assert read["welcome"]["slots"][0]["parts"] == [{"kind": "text", "content": "{nickname}您好"}]
    listed = api.get("/live-codes", q="海报").json()
    assert [row["id"] for row in listed["items"]] == [read["id"]]
    assert AuditEntry.objects.filter(action="live_code.created", subject_id=str(read["id"])).count() == 1
    assert Job.objects.filter(kind="acquisition.apply_code").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"assignees": []}, "assignees"),
        ({"assignees": [{"member_id": 999}]}, "assignees.0"),
        ({"accept": "hours"}, "accept_hours"),
        ({"remark_template": "{nick}"}, "remark_template"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2099-01-01T00:00:00"}, "expires_at"),
        ({"tag_ids": [77]}, "tag_ids"),
        ({"folder_id": 5}, "folder_id"),
        ({"shifts": [{"hours": {"starts": "09:00", "ends": "12:00"}, "member_ids": [999]}]}, "shifts.0.member_ids"),
        ({"welcome": {"slots": [{"parts": []}]}}, "slots.0.parts"),
        ({"welcome": {"slots": [text_slot("鱼" * 1400)]}}, "slots.0.parts.0.content"),
    ],
)
def test_what_is_wrong_with_a_code_is_named(api: Any, body: dict[str, Any], wrong: dict[str, Any], field: str) -> None:
    refused = api.post("/live-codes", body | wrong)

    assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])
    assert not LiveCode.objects.exists()


def test_a_change_made_on_an_older_version_is_refused(api: Any, body: dict[str, Any]) -> None:
    code = api.post("/live-codes", body).json()

    first = api.patch(f"/live-codes/{code['id']}", body | {"name": "前台", "version": 1})
    second = api.patch(f"/live-codes/{code['id']}", body | {"name": "后厨", "version": 1})

    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile")
    assert LiveCode.objects.get().name == "前台"


def test_an_archived_code_rests_until_it_is_restored(api: Any, body: dict[str, Any]) -> None:
    code = api.post("/live-codes", body).json()
    path = f"/live-codes/{code['id']}"

    assert api.post(f"{path}/archive").json()["archived_at"] is not None
    assert api.get("/live-codes").json()["items"] == []
    assert len(api.get("/live-codes", state="archived").json()["items"]) == 1
    assert api.patch(path, body | {"version": 2}).json()["code"] == "code_archived"
    assert api.post(f"{path}/restore").json()["archived_at"] is None


def test_a_guide_sees_codes_that_lead_to_them_and_no_others(
    api: Any, api_for: Any, make_account: Any, ann: Any, bob: Any, body: dict[str, Any]
) -> None:
    mine = api.post("/live-codes", body).json()
    shared = api.post("/live-codes", body | {"assignees": [{"member_id": ann.pk}, {"member_id": bob.pk}]}).json()
    other = api.post("/live-codes", body | {"assignees": [{"member_id": bob.pk}]}).json()
    guide = api_for(make_account(role=Role.GUIDE, scope=ScopeKind.OWN, member=ann))

    assert [row["id"] for row in guide.get("/live-codes").json()["items"]] == [shared["id"], mine["id"]]
    for path in ("", "/statistics", "/statistics.csv", "/qr.png"):
        assert guide.get(f"/live-codes/{other['id']}{path}").status_code == 404
    assert guide.patch(f"/live-codes/{mine['id']}", body | {"version": 1}).status_code == 403


def test_a_store_manager_edits_what_is_wholly_theirs(
    api: Any, api_for: Any, make_account: Any, ann: Any, bob: Any, body: dict[str, Any]
) -> None:
    east, west = (Store.objects.create(name=n, code=n, created_at=clock.now()) for n in ("east", "west"))
    ann.store, bob.store = east, west
    ann.save()
    bob.save()
    account = make_account(role=Role.STORE_MANAGER, scope=ScopeKind.STORE)
    account.scope_stores.add(east)
    manager = api_for(account)
    mine = api.post("/live-codes", body | {"assignees": [{"store_id": east.pk}]}).json()
    shared = api.post("/live-codes", body | {"assignees": [{"store_id": east.pk}, {"store_id": west.pk}]}).json()

    assert manager.get(f"/live-codes/{shared['id']}").json()["may_edit"] is False
    assert manager.patch(f"/live-codes/{shared['id']}", body | {"version": 1}).status_code == 404
    assert manager.patch(f"/live-codes/{mine['id']}", body | {"name": "新名", "version": 1}).status_code == 200
    outside = manager.post("/live-codes", body | {"assignees": [{"member_id": bob.pk}]})
    assert (outside.status_code, outside.json()["code"]) == (403, "assignees_out_of_scope")


def test_a_bound_viewer_adds_up_the_figures_of_their_own_members(
    api: Any, api_for: Any, make_account: Any, ann: Any, bob: Any, body: dict[str, Any]
) -> None:
    code = api.post("/live-codes", body | {"assignees": [{"member_id": ann.pk}, {"member_id": bob.pk}]}).json()
    today = clock.now().date()
    for member, adds in ((ann, 2), (bob, 5)):
        CodeDay.objects.create(code_id=code["id"], day=today, member=member, adds=adds)
    guide = api_for(make_account(role=Role.GUIDE, scope=ScopeKind.OWN, member=ann))
    span = {"from": f"{today}", "to": f"{today}"}

    assert api.get(f"/live-codes/{code['id']}/statistics", **span).json()["totals"]["adds"] == 7
    told = guide.get(f"/live-codes/{code['id']}/statistics", **span).json()
    assert (told["totals"]["adds"], [row["member"]["name"] for row in told["members"]]) == (2, ["安安"])
    assert guide.get(f"/live-codes/{code['id']}").json()["adds"] == 2


def test_statistics_have_every_day_and_a_file(api: Any, ann: Any, body: dict[str, Any]) -> None:
    code = api.post("/live-codes", body | {"name": "=门店"}).json()
    today = clock.now().date()
    CodeDay.objects.create(code_id=code["id"], day=today, member=ann, scans=4, adds=3, lost_by_customer=1)
    span = {"from": f"{today - timedelta(days=2)}", "to": f"{today}"}

    told = api.get(f"/live-codes/{code['id']}/statistics", **span).json()
    file = api.get(f"/live-codes/{code['id']}/statistics.csv", **span)

    assert [(day["scans"], day["adds"]) for day in told["days"]] == [(0, 0), (0, 0), (4, 3)]
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[-1] == f"{today},4,3,0,0,1,0"
    too_long = {"from": "2020-01-01", "to": "2026-01-01"}
    assert api.get(f"/live-codes/{code['id']}/statistics", **too_long).status_code == 422


def test_folders_gather_codes(api: Any, body: dict[str, Any]) -> None:
    folder = api.post("/live-code-folders", {"name": "门店"}).json()
    code = api.post("/live-codes", body).json()

    assert api.post("/live-codes/move", {"code_ids": [code["id"]], "folder_id": folder["id"]}).json() == {"moved": 1}
    assert api.get("/live-code-folders").json()["items"] == [{"id": folder["id"], "name": "门店", "codes": 1}]
    assert len(api.get("/live-codes", folder=folder["id"]).json()["items"]) == 1
    assert api.post("/live-code-folders", {"name": "门店"}).status_code == 422
    assert api.patch(f"/live-code-folders/{folder['id']}", {"name": "线下"}).json()["name"] == "线下"
    assert api.delete(f"/live-code-folders/{folder['id']}").status_code == 204
    assert api.get(f"/live-codes/{code['id']}").json()["folder"] is None


def test_folders_keep_the_order_they_were_put_into(api: Any) -> None:
    ids = [api.post("/live-code-folders", {"name": name}).json()["id"] for name in ("丙", "甲", "乙")]
    assert [each["id"] for each in api.get("/live-code-folders").json()["items"]] == ids

    ordered = api.put("/live-code-folders/order", {"folder_ids": ids[::-1]})

    assert [each["name"] for each in ordered.json()["items"]] == ["乙", "甲", "丙"]
    assert [each["name"] for each in api.get("/live-code-folders").json()["items"]] == ["乙", "甲", "丙"]
    for stale in (ids[:2], [*ids, 99], [ids[0], ids[0], ids[1]], []):
        refused = api.put("/live-code-folders/order", {"folder_ids": stale})
        assert (refused.status_code, refused.json()["code"]) == (409, "folders_changed")
    assert AuditEntry.objects.filter(action="live_code_folder.ordered").count() == 1


def test_a_folder_with_codes_of_others_is_not_a_store_managers_to_change(
    api: Any, api_for: Any, make_account: Any, ann: Any, bob: Any, body: dict[str, Any]
) -> None:
    east = Store.objects.create(name="east", code="east", created_at=clock.now())
    ann.store = east
    ann.save()
    account = make_account(role=Role.STORE_MANAGER, scope=ScopeKind.STORE)
    account.scope_stores.add(east)
    manager = api_for(account)
    folder = api.post("/live-code-folders", {"name": "门店"}).json()["id"]
    mine = api.post("/live-codes", body | {"folder_id": folder}).json()["id"]
    other = api.post("/live-codes", body | {"folder_id": folder, "assignees": [{"member_id": bob.pk}]}).json()["id"]

    refusals = [
        manager.patch(f"/live-code-folders/{folder}", {"name": "我的"}),
        manager.delete(f"/live-code-folders/{folder}"),
        manager.put("/live-code-folders/order", {"folder_ids": [folder]}),
    ]
    assert [(each.status_code, each.json()["code"]) for each in refusals] == [(403, "folder_beyond_scope")] * 3
    assert manager.post("/live-codes/move", {"code_ids": [mine, other], "folder_id": None}).status_code == 404
    assert LiveCode.objects.filter(folder=folder).count() == 2

    assert api.post("/live-codes/move", {"code_ids": [other], "folder_id": None}).json() == {"moved": 1}
    assert manager.patch(f"/live-code-folders/{folder}", {"name": "我的"}).json()["name"] == "我的"
    assert manager.delete(f"/live-code-folders/{folder}").status_code == 204
    assert api.get(f"/live-codes/{mine}").json()["folder"] is None


def test_posters_are_of_the_codes_chosen_that_the_viewer_sees(
    api: Any, api_for: Any, make_account: Any, ann: Any, bob: Any, body: dict[str, Any]
) -> None:
    folder = api.post("/live-code-folders", {"name": "门店"}).json()["id"]
    till = api.post("/live-codes", body | {"folder_id": folder}).json()["id"]
    door = api.post("/live-codes", body | {"name": "门口"}).json()["id"]
    other = api.post("/live-codes", body | {"name": "别人", "assignees": [{"member_id": bob.pk}]}).json()["id"]
    guide = api_for(make_account(role=Role.GUIDE, scope=ScopeKind.OWN, member=ann))

    def printed(who: Any, **chosen: Any) -> list[str]:
        answer = who.get("/live-codes/posters.zip", size=100, **chosen)
        assert answer.status_code == 200, answer.content
        return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()

    assert printed(api, ids=f"{door},{till}") == ["001-收银台.png", "002-门口.png", "index.csv"]
    assert printed(api, folder=folder) == ["001-收银台.png", "index.csv"]
    assert printed(api, folder=0) == ["001-门口.png", "002-别人.png", "index.csv"]
    assert printed(guide, ids=f"{till},{other}") == ["001-收银台.png", "index.csv"]
    for nothing in ({"ids": other}, {"folder": 99}, {"ids": "x"}):
        refused = guide.get("/live-codes/posters.zip", **nothing)
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_input")


def test_codes_are_printed_as_png_and_svg_with_logo_and_caption(api: Any, body: dict[str, Any]) -> None:
    code = api.post("/live-codes", body).json()
    logo = Image.new("RGB", (900, 300), "tomato")
    out = io.BytesIO()
    logo.save(out, "PNG")
    file = SimpleUploadedFile("标志.png", out.getvalue())
    stored = api.client.post("/api/uploads", {"file": file, "kind": "image"})
    assert stored.status_code == 201, stored.content
    look = {"size": 800, "logo": stored.json()["id"], "caption": "Till <1>"}

    png = api.get(f"/live-codes/{code['id']}/qr.png", **look)
    svg = api.get(f"/live-codes/{code['id']}/qr.svg", **look)

    picture = Image.open(io.BytesIO(png.content))
    assert (picture.width, picture.height > 800, picture.format) == (800, True, "PNG")
    middle = picture.convert("RGB").getpixel((400, 400))
    assert middle == (255, 99, 71)
    assert "filename*=UTF-8''%E6%94%B6%E9%93%B6%E5%8F%B0.png" in png.headers["Content-Disposition"]
    assert "Till &lt;1&gt;" in svg.content.decode()
    assert "data:image/png;base64," in svg.content.decode()
    assert api.get(f"/live-codes/{code['id']}/qr.png", target="wecom").json()["code"] == "qr_not_ready"
    assert api.get(f"/live-codes/{code['id']}/qr.png", size=99999).status_code == 422


def test_many_codes_come_from_pasted_lines(api: Any, ann: Any, body: dict[str, Any]) -> None:
    Store.objects.create(name="城东店", code="E01", created_at=clock.now())
    text = "名称,员工\n前台,ann\n东店,城东店,橱窗\n谁,nobody\nANN\n"
    shape = {"corp_id": ann.corp_id, "rotation": "least_loaded", "touchpoint": "海报"}

    dry = api.post("/live-code-batches", {"name": "春季", "shape": shape, "text": text, "dry_run": True})
    assert (dry.status_code, dry.json()["total"], dry.json()["rows"][2]["problem"]) == (
        200,
        3,
        "No member or store is called “nobody”.",
    )
    started = api.post("/live-code-batches", {"name": "春季", "shape": shape, "text": text})
    assert started.status_code == 202
    jobs.run_due(lanes=("bulk",))

    batch = api.get(f"/live-code-batches/{started.json()['id']}").json()
    assert (batch["total"], batch["done"], len(batch["failures"]), batch["finished_at"] is None) == (3, 3, 1, False)
    made = LiveCode.objects.order_by("pk").values_list("name", "touchpoint", "rotation")
    assert list(made) == [
        ("前台", "海报", "least_loaded"),
        ("东店", "橱窗", "least_loaded"),
        ("ANN", "海报", "least_loaded"),
    ]
    posters = api.get("/live-codes/posters.zip", batch=batch["id"], size=200)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(posters.streaming_content)))
    assert archive.namelist() == ["001-前台.png", "002-东店.png", "003-ANN.png", "index.csv"]
    assert archive.testzip() is None


def test_two_hundred_codes_are_one_job_that_can_be_cut_short(api: Any, ann: Any, monkeypatch: Any) -> None:
    from yutang.acquisition.services import batches

    text = "\n".join(f"桌{number},ann" for number in range(200))
    shape = {"corp_id": ann.corp_id}
    batch_id = api.post("/live-code-batches", {"name": "桌码", "shape": shape, "text": text}).json()["id"]
    assert batches._step(batch_id)  # a worker that dies after its first twenty
    assert LiveCode.objects.count() == 20

    jobs.run_due(lanes=("bulk",))

    assert LiveCode.objects.count() == 200
    assert LiveCode.objects.values("name").distinct().count() == 200
    assert LiveCode.objects.values("state_code").distinct().count() == 200


def test_the_merchants_zone_decides_the_day(api: Any, ann: Any, body: dict[str, Any]) -> None:
    code = api.post("/live-codes", body).json()
    days = api.get(f"/live-codes/{code['id']}/statistics").json()["days"]

    from zoneinfo import ZoneInfo

    assert days[-1]["day"] == f"{clock.now().astimezone(ZoneInfo(the_merchant().time_zone)).date()}"
    assert len(days) == 30
