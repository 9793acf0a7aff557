"""`python -m tests.production`: starts the production form on Debian's servers, tries it, and stops it."""

import json
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.production import form
from tests.production.faults import faults
from tests.production.importing import importing
from tests.production.smoke import smoke
from tests.production.stores import free_port, postgres, redis, wait_for_port


def main() -> None:
    """Run the whole; leaves the logs in the message when something does not hold."""
    with tempfile.TemporaryDirectory(prefix="daybook-") as name:
        folder = Path(name)
        try:
            try_out(folder)
        except BaseException:
            for log in sorted(folder.glob("*.log")):
                print(
                    f"\n--- {log.name}\n" + "\n".join(log.read_text(errors="replace").split("\n")[-30:]),
                    file=sys.stderr,
                )
            raise
    print("Production form: holds.")


def try_out(folder: Path) -> None:
    """Start stores, migrate, make a company, run the compose file's commands and use them."""
    port = free_port()
    var = folder / "var"
    var.mkdir()
    with postgres(folder) as database_url, redis(folder) as redis_url:
        secret = secrets.token_urlsafe(50)
        environment = form.environment(
            database_url=database_url, redis_url=redis_url, port=port, var=var, secret=secret
        )
        collect = ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, check=True, cwd=form.BASE, env=environment)
        form.run_once(environment)
        made = [sys.executable, "-m", "tests.production.company"]
        company = json.loads(subprocess.run(made, check=True, cwd=form.BASE, env=environment, stdout=-1).stdout)
        with form.running(environment, folder) as processes:
            wait_for_port(port, seconds=60)
            form.check_words(processes)
            smoke(f"http://127.0.0.1:{port}", company, environment)
            form.check_words(processes)
        importing(environment, folder)
        faults(environment, folder)


if __name__ == "__main__":
    main()
