"""One delivery, killed at every call to the system that leaves the process."""

import os
import shutil
import subprocess

import pytest
from sqlalchemy import select

from tests.faults.sending import FORK, copies, let_leases_run_out, put
from tests.mail.peer import Peer
from tests.measuring import Measure
from tracker import database
from tracker.models import OutgoingMail
from tracker.services import handover, installation
from tracker.settings import Settings

CALLS = ("sendto", "recvfrom", "pwrite64", "fdatasync", "sendmsg", "recvmsg", "connect")
pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")


def deliver(settings: Settings, go: int) -> None:
    """Wait until the tracer is there, then send what waits."""
    os.read(go, 1)
    installation.connect(settings)
    handover.send_waiting(settings, "victim")
    os._exit(0)


def traced(settings: Settings, *options: str) -> tuple[int, str]:
    """How a delivery under strace ended, and what strace told."""
    database.close()
    waits, starts = os.pipe()
    process = FORK.Process(target=deliver, args=(settings, waits))
    process.start()
    tracer = subprocess.Popen(
        ["strace", "-qq", "-p", str(process.pid), *options], stderr=subprocess.PIPE, text=True
    )  # strace says that it is there by stopping the process: `State: t` of its status
    while _is_untraced(process.pid or 0):
        pass
    os.write(starts, b"x")
    process.join()
    _out, told = tracer.communicate()
    os.close(waits)
    os.close(starts)
    database.connect(settings.database)
    return process.exitcode or 0, told


def _is_untraced(pid: int) -> bool:
    with open(f"/proc/{pid}/status") as status:
        return "TracerPid:\t0\n" in status.read()


@pytest.mark.proves("R04")
def test_killed_at_any_step_a_delivery_is_not_lost_and_doubled_only_after_the_fence(
    mailing: Settings, peer: Peer, is_full: bool, measure: Measure
) -> None:
    put(mailing, 1, name="counted")
    _code, told = traced(mailing, "-e", f"trace={','.join(CALLS)}")
    assert copies(peer)["counted-0@bodies.test"] == 1, told
    boundaries = [
        (call, n + 1) for call in CALLS for n in range(sum(line.startswith(f"{call}(") for line in told.splitlines()))
    ]
    assert len(boundaries) > 10

    lost, doubled, too_early = 0, 0, 0
    for call, n in boundaries if is_full else boundaries[:: max(1, len(boundaries) // 4)]:
        [recipient] = put(mailing, 1, name=f"{call}-{n}")
        traced(mailing, "-e", f"inject={call}:signal=SIGKILL:when={n}")
        with database.reading() as session:
            was_fenced = session.scalar(select(OutgoingMail.was_fenced).where(OutgoingMail.recipient == recipient))
        let_leases_run_out()
        while handover.send_waiting(mailing, "second"):
            pass
        found = copies(peer)[recipient]
        lost += found == 0
        doubled += found == 2
        too_early += (found > 1 and not was_fenced) or found > 2
    size = f"{len(boundaries)} calls"
    measure("R04", "deliveries lost", lost, "mails", "= 0", size)
    measure("R04", "copies without a fence, or third ones", too_early, "mails", "= 0", size)
    measure("R04", "delivered twice, between the dot and the commit", doubled, "mails", "", size)
