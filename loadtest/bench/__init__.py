"""What compare, memory and profile share: processes, the proxies under test, load and reports."""
