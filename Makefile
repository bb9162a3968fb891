# make demo    a corpus from samples/, questions to it, and a watch
# make test    everything that is checked before a change goes in
# make clean   remove what these make

PYTHON ?= python3
VENV := .venv
DEMO := indexes/demo

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test clean

demo: $(VENV)/.installed
	rm -rf $(DEMO)
	@echo
	ipsearch ingest samples --into $(DEMO)
	@echo
	ipsearch query $(DEMO) '石墨烯 ipc:H01M'
	@echo
	ipsearch query $(DEMO) '"锂离子电池"' --office CN --limit 3
	@echo
	echo '一种在草原上巡检的无人机，带有红外相机' | ipsearch novelty $(DEMO) - --limit 3
	@echo
	ipsearch query $(DEMO) '草原' --kind trademark
	@echo
	ipsearch clearance $(DEMO) '草原之星' --class 9 --limit 3
	@echo
	ipsearch conflicts $(DEMO) --text '名为“草原之星”的草原巡检无人机，装有红外相机' --limit 1
	@echo
	ipsearch watch import $(DEMO) samples/watch.toml
	ipsearch watch run $(DEMO)
	ipsearch watch alerts $(DEMO) --severity 'very_near'

test: $(VENV)/.installed-dev
	ruff check
	ruff format --check
	mypy
	lint-imports
	pytest --numprocesses auto --dist loadfile --doctest-modules tests ipsearch

clean:
	rm -rf $(VENV) $(DEMO) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.pip:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'  # the first that knows --group
	touch $@

$(VENV)/.installed: $(VENV)/.pip pyproject.toml constraints.txt
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --group dev
	touch $@
