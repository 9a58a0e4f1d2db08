"""The bundle for Kibana: short source files in ``objects/``, the saved objects made of them, and the conversation that imports them."""
