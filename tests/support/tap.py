"""Runs the functions of a module whose names begin with test_, and tells them in TAP; one that returns words was skipped, and why."""


def run(module):
    tests = [(name[5:], test) for name, test in sorted(module.items()) if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            skipped = test()
            print(f"ok {number} - {name}" + (f" # SKIP {skipped}" if skipped else ""), flush=True)
        except (AssertionError, LookupError, ValueError) as why:
            failed += 1
            print(f"not ok {number} - {name}: {why!r} at line {why.__traceback__.tb_next.tb_lineno}", flush=True)
    return 1 if failed else 0
