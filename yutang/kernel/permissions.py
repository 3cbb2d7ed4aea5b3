"""What a role may do. Roles are sets of these; every endpoint names the one it needs."""

from enum import StrEnum


class Permission(StrEnum):
    SEE_OVERVIEW = "overview.see"
    SEE_CUSTOMERS = "customers.see"
    EDIT_CUSTOMERS = "customers.edit"
    EXPORT_CUSTOMERS = "customers.export"
    REVEAL_PHONES = "customers.reveal_phones"
    MERGE_CUSTOMERS = "customers.merge"
    ERASE_CUSTOMERS = "customers.erase"
    EDIT_TAGS = "tags.edit"
    SEE_ORDERS = "orders.see"
    IMPORT_ORDERS = "orders.import"
    SEE_LIVE_CODES = "live_codes.see"
    EDIT_LIVE_CODES = "live_codes.edit"
    EDIT_WELCOMES = "welcomes.edit"
    SEE_EVENTS = "events.see"
    SEE_INBOX = "inbox.see"
    REPLAY_INBOX = "inbox.replay"
    SEE_ORGANIZATION = "organization.see"
    EDIT_ORGANIZATION = "organization.edit"
    CONNECT_CORPS = "corps.connect"
    MANAGE_ACCOUNTS = "accounts.manage"
    SEE_AUDIT = "audit.see"
