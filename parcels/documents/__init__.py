"""Files of reports and opinions (资料), and firms that may not be relied on."""
