"""The demo: the bundled sites on loopback and the main job once; ``make demo`` runs it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from demo.build import read_memory, write_instance
from demo.sites import DemoSites, serve
from qingbao.errors import QingbaoError


@contextmanager
def sites_for(folder: Path) -> Iterator[DemoSites]:
    """The sites for an instance: a second run sees the day and the addresses of the first, one edited article and a few new ones."""
    memory = read_memory(folder)
    today = memory.day if memory else None
    with ExitStack() as stack:
        try:
            sites = stack.enter_context(serve(ports=memory.ports if memory else None, today=today, second_run=memory is not None))
        except OSError:
            # The old ports are taken by others now: new ones, and sources.yaml is put right.
            sites = stack.enter_context(serve(today=today, second_run=True))
        yield sites


def run_demo(folder: Path) -> int:
    """Serve the sites, make or keep the instance, run the night's work once and show the ten best; the exit code."""
    from schedules.cli.work import Steps
    from schedules.instance import opened
    from schedules.jobs.nightly import nightly
    from schedules.summary import show_night

    again = read_memory(folder) is not None
    with sites_for(folder) as sites:
        write_instance(folder, sites.bases, day=sites.today)
        print("再次运行：只取新的和变了的。" if again else "第一次运行：六个示例网站，内容全部为虚构。", flush=True)
        steps = Steps()
        with opened(folder) as instance:
            try:
                result = nightly(instance, show=steps)
            finally:
                steps.close()
            show_night(instance, result)
    program = Path(sys.executable).parent / "qingbao"
    print(f"\n可以接着试：\n  {program} search 减速器 --instance {folder}\n  {program} why 凌犀传动 --instance {folder}")
    return 0


def main() -> None:
    """Entry of ``python -m demo``."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="招商情报分析系统的示例：虚构的园区、企业和网站")
    parser.add_argument("--instance", type=Path, default=Path("demo-instance"), help="实例目录（默认 demo-instance，第二次运行会保留）")
    options = parser.parse_args()
    try:
        sys.exit(run_demo(options.instance.resolve()))
    except QingbaoError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
