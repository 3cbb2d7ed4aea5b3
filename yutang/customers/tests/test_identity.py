import pytest

from yutang.customers.identity import contradiction, masked, normal


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13912345670", "+8613912345670"),
        ("+86 139 1234 5670", "+8613912345670"),
        ("0086-139-1234-5670", "+8613912345670"),
        ("86 13912345670", "+8613912345670"),
        ("(+86)13912345670", "+8613912345670"),
        ("１３９１２３４５６７０", "+8613912345670"),
        (" 139.1234.5670 ", "+8613912345670"),
        ("+44 7700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_a_phone_is_written_one_way(written, kept):
    assert normal("phone", written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0",
        "00000000000",
        "null",
        "None",
        "无",
        "13800138000",
        "13888888888",
        "13000000000",
        "11111111111",
        "1391234567",
        "139123456701",
        "139****5670",
        "13912345670-1234",
        "13912345670转8",
        "010-62345678",
        "400-800-1234",
        "95555",
        "10086",
        "7700900123",
        "+1 222",
        "+86 010 6234 5678",
        "call me",
        "1" * 5000,
        "13912345670\x00",
    ],
)
def test_what_is_not_one_persons_phone_is_no_identity(written):
    assert normal("phone", written) is None


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("email", " Lin.Xia@QQ.com ", "lin.xia@qq.com"),
        ("email", "lin@qq", None),
        ("email", "a b@qq.com", None),
        ("email", "noreply@shop.com", None),
        ("external_userid", "wmABCdef", "wmABCdef"),
        ("external_userid", "wm ABC", None),
        ("buyer_id", " 17850.0 ", "17850"),
        ("buyer_id", "taobao 小林", "taobao 小林"),
        ("buyer_id", "0", None),
        ("buyer_id", "nan", None),
        ("buyer_id", "x" * 300, None),
        ("member_no", "VIP-0001", "VIP-0001"),
        ("device", "00000000-0000-0000-0000-000000000000", None),
        ("device", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
    ],
)
def test_each_kind_has_its_own_way(kind, written, kept):
    assert normal(kind, written) == kept


def test_two_wecom_ids_of_one_corp_speak_for_two_people():
    left = [("external_userid", "corp1", "wmA"), ("phone", "", "+8613912345670")]

    assert contradiction(left, [("external_userid", "corp1", "wmB")]) == "external_userid"
    assert contradiction(left, [("external_userid", "corp2", "wmB")]) is None
    assert contradiction(left, [("phone", "", "+8613912345671")]) is None


def test_ids_are_masked():
    assert masked("phone", "+8613912345670") == "139****5670"
    assert masked("phone", "+447700900123") == "+44****0123"
    assert masked("email", "lin@qq.com") == "l***@qq.com"
