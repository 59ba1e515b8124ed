"""The commands on a device: every one is a process of its own, at a service on this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from drivers import programs

TASK = ("linear-systems", "--size", "2", "--shots", "2000", "--epsilon", "0.05")


@pytest.fixture(scope="module")
def device_classes() -> tuple[str, ...]:
    return ("FakeBoston",)


def on(config: Path) -> tuple[str, ...]:
    return (*TASK, "--backend", str(config))


def solution_of(text: str) -> list[str]:
    """The lines that give x."""
    lines = [line for line in text.splitlines() if re.match(r" +\d+  ", line)]
    assert len(lines) == 2
    return lines


def spawn(world, *arguments: str) -> subprocess.Popen[str]:
    """Run the command line as a user does, in a new interpreter."""
    environment = {
        **os.environ,
        **world.server.environment(),
        "QML_ALGOS_LEDGER": str(world.ledger_path),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "qml_algos.cli", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_submit_now_and_resume_in_another_process(world) -> None:
    world.server.hold()
    begun = world.command("submit", *on(world.config))
    computation = begun.stdout.strip()
    assert re.fullmatch("[0-9a-f]{8}", computation)
    assert f"qml-algos resume {computation}" in begun.stderr
    listed = world.command("jobs").stdout
    assert computation in listed
    assert "QUEUED" in listed
    world.server.release()
    resumed = world.command("resume", computation[:5]).stdout
    assert len(solution_of(resumed)) == 2
    assert world.command("resume", computation).stdout == resumed
    assert world.command("run", *on(world.config)).stdout == resumed
    assert world.posts == 1
    history = world.command("jobs", computation).stdout
    assert re.search("PLANNED.*SUBMITTING.*QUEUED.*DONE", history, re.DOTALL)
    world.require_once()


def test_a_cancelled_computation_is_lost_until_it_is_sent_again(world) -> None:
    world.server.hold()
    computation = world.command("submit", *on(world.config)).stdout.strip()
    assert "CANCELLED" in world.command("cancel", computation).stdout
    [job] = world.server.jobs.values()
    assert job.status == "Cancelled"
    world.server.release()
    lost = world.command("resume", computation, status=2)
    assert "is CANCELLED: cancelled by us" in lost.stderr
    assert "qml-algos resume" in lost.stderr
    assert world.posts == 1
    again = world.command("resume", computation, "--resubmit").stdout
    assert world.posts == 2
    assert world.command("resume", computation, "--resubmit").stdout == again
    assert world.posts == 2
    assert "no jobs to cancel" in world.command("cancel", computation).stdout
    world.require_consistent()


def test_cost_and_dry_run_send_nothing(world) -> None:
    told = [
        world.command(*command).stdout
        for command in (("cost", *on(world.config)), ("run", *on(world.config), "--dry-run"))
    ]
    assert told[0] == told[1]
    assert re.search(
        r"ibm_boston: 1 job, 1 circuit, 1 parameter set, 2,000 shots each, 2,000 executions, "
        r"about 2\.\d s",
        told[0],
    )
    assert "within the budget of 30.0 s" in told[0]
    assert world.posts == 0
    assert world.command("jobs").stdout.startswith("No jobs")
    world.command("run", *on(world.config))
    assert "nothing needs sending" in world.command("cost", *on(world.config)).stdout
    assert world.posts == 1


def test_above_the_budget_somebody_must_say_yes(world, write_config) -> None:
    poor = write_config(budget="1.0")
    refused = world.command("run", *on(poor), status=2)
    assert "above the budget of 1.0 s" in refused.stderr
    assert "REFUSED" in world.command("jobs").stdout
    assert world.posts == 0
    solution_of(world.command("run", *on(poor), "--yes").stdout)
    assert world.posts == 1
    world.require_once()


def test_ctrl_c_loses_nothing(world) -> None:
    world.server.hold()
    program = spawn(world, "run", *on(world.config))
    try:
        world.server.wait_for("GET", "/jobs/[^/]+", count=2, timeout=300)
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=300)
    finally:
        program.kill()
    assert program.returncode == 130
    told = re.search(r"Go on with: qml-algos resume ([0-9a-f]{8})", said)
    assert told is not None, said
    assert "Traceback" not in said
    world.server.release()
    solution_of(world.command("resume", told.group(1)).stdout)
    assert world.posts == 1
    world.require_once()


def test_killed_while_submitting_and_cancelled_by_another_process(world) -> None:
    world.server.hold()
    program = world.start("killed", programs.command, ("submit", *on(world.config)))
    world.server.on("POST", "/jobs", "answer", program.kill)
    program.process.join()
    [computation] = world.ledger.computations()
    assert "CANCELLED" in world.command("cancel", computation.id).stdout
    [job] = world.server.jobs.values()
    assert job.status == "Cancelled"
    world.require_consistent()


def test_a_changed_file_is_not_resumed(world, tmp_path) -> None:
    matrix, rhs = tmp_path / "A.mtx", tmp_path / "b.mtx"
    matrix.write_text("%%MatrixMarket matrix array real general\n2 2\n1\n0.2\n0.2\n1\n")
    rhs.write_text("%%MatrixMarket matrix array real general\n2 1\n1\n0.5\n")
    world.server.hold()
    files = ("--matrix", str(matrix), "--rhs", str(rhs))
    computation = world.command("submit", *on(world.config), *files).stdout.strip()
    before = rhs.read_text()
    rhs.write_text(before.replace("0.5", "0.7"))
    world.server.release()
    assert "has changed" in world.command("resume", computation, status=2).stderr
    rhs.write_text(before)
    solution_of(world.command("resume", computation).stdout)
    assert world.posts == 1
    world.require_once()
