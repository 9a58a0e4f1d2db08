"""Jobs, runner, calendar and command line: the only place that wires."""
