"""The production form, tried for real: Debian's PostgreSQL and Redis, the commands of docker-compose.yml, HTTP."""
