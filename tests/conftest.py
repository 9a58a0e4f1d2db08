"""What all rooms' tests have in common."""

from hypothesis import HealthCheck, settings

# The same verdict on a slow, loaded machine as on a quick one, and on the next run: no example is timed, none is drawn by chance.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
