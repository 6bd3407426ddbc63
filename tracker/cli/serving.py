"""`tracker serve` and `tracker work`."""

import click

from tracker.cli.wiring import installation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes on one socket.")
@click.option("--all", "with_worker", is_flag=True, help="Also run the clock and the sender.")
def serve(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve the pages; with --all the worker too."""
    from tracker.cli import processes

    with installation() as settings:
        processes.run(settings, host=host, port=port, workers=workers, with_worker=with_worker)


@click.command()
def work() -> None:
    """Run the clock and the sender until told to stop."""
    from tracker import logs, scheduler

    logs.configure()
    with installation() as settings:
        scheduler.run(settings)
