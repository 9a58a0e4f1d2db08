"""What can be done with an instance: plain functions, called by the command line, the schedule and, one day, a web page."""
