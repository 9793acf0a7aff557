# The same for a person and for the checks. Without make: python3 config/bootstrap.py <target>
PYTHON ?= python3

.PHONY: run setup test check fix bench browser lock
run setup test check fix bench browser lock:
	@exec $(PYTHON) config/bootstrap.py $@ $(ARGS)
