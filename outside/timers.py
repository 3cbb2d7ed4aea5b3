"""What happens by itself as time passes."""

from __future__ import annotations

import asyncio

from outside.friendship import close_temp_session
from outside.transfers import complete_due_transfers
from outside.world import World

_PAUSE = 1.0  # seconds between looks at the clock
_CODE_LIFE = 3600  # seconds after which a dead welcome code or ticket is forgotten


def run_due(world: World) -> None:
    complete_due_transfers(world)
    now = world.clock.now()
    for session in world.temp_sessions:
        if session.expires_at < now:
            close_temp_session(world, session)
    for code in world.welcome_codes:
        if now - code.issued_at < _CODE_LIFE:
            break
        world.welcome_codes.remove(code)
    for ticket in world.tickets:
        if now - ticket.expires_at > _CODE_LIFE:
            world.tickets.remove(ticket)
    world.commit()


async def keep_running(world: World) -> None:
    while True:
        await asyncio.sleep(_PAUSE)
        run_due(world)
