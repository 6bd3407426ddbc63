"""`tracker serve` and `tracker work`."""

import click

from tracker.cli.wiring import installation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Web processes on one socket.")
@click.option("--all", "with_worker", is_flag=True, help="Also run the clock and the sender.")
def serve(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve the pages; with --all the worker too.

    A process that dies is started again. SIGTERM or Ctrl-C ends them once they finished what is under way. Put a
    server with TLS in front.
    """
    from tracker.cli import processes

    with installation() as settings:
        processes.run(settings, host=host, port=port, workers=workers, with_worker=with_worker)


@click.command()
def work() -> None:
    """Run the worker until told to stop: reminders, sending, the nightly backup.

    Any number may run, on any machines that reach the database; none does what another did.
    """
    from tracker import logs, scheduler

    logs.configure()
    with installation() as settings:
        scheduler.run(settings)
