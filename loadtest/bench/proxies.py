"""The upstream, nginx as the reference, and the proxy under test, each on loopback and on a core of its own."""

import os
import shlex
import shutil
import subprocess

from .processes import Failure, await_answer, free_ports, get, start, temp_folder

HOME = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
KEY = {"apikey": "loadtest"}
SMALL = "/128"
LARGE = "/64k"

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
{user}
events {{ worker_connections 16384; }}
http {{
    access_log off;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_timeout 600s;
    keepalive_requests 1000000;
    {http}
}}
"""

# Files are sent from memory, so that the upstream takes as little as possible of the core it shares with the client.
UPSTREAM = """
    sendfile on;
    tcp_nopush on;
    open_file_cache max=10;
    open_file_cache_valid 600s;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {folder};
        location = /128 {{ return 200 "{small}"; }}
    }}
"""

# Buffers that hold a whole 64 KiB body: with nginx's defaults it would go by way of a file when the client is slow.
TUNED = "proxy_buffer_size 16k; proxy_buffers 8 16k; proxy_max_temp_file_size 0;"

# What Kong sends to an upstream, by nginx's own means; 10000 are Kong's limits on both sides.
PROXY = """
    upstream backend {{
        server 127.0.0.1:{upstream};
        keepalive 512;
        keepalive_requests 10000;
        keepalive_timeout 60s;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        {tls}
        keepalive_requests 10000;
        client_max_body_size 0;
        location / {{
            proxy_pass http://backend;
            proxy_http_version 1.1;
            {buffering}
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Forwarded-Port $server_port;
            proxy_set_header X-Forwarded-Path $request_uri;
        }}
    }}
"""

# TLS 1.3 and whatever suite the client prefers, as Sluice does it.
TLS = "listen 127.0.0.1:{port} ssl backlog=4096; ssl_protocols TLSv1.3; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;"

PLAIN = """_format_version: "3.0"
services:
  - name: loadtest
    url: http://127.0.0.1:{upstream}
    routes:
      - name: loadtest
        paths: [/]
        strip_path: false
"""

PLUGINS = PLAIN + """
consumers:
  - username: loadtest
    keyauth_credentials:
      - key: loadtest
plugins:
  - name: key-auth
  - name: rate-limiting
    config:
      hour: 1000000000
      policy: local
  - name: prometheus
    config:
      per_consumer: true
      status_code_metrics: true
      latency_metrics: true
      bandwidth_metrics: true
      upstream_health_metrics: true
"""


class Proxy:
    """A running proxy: its process, the port it listens on, and what it was started with; `beside`: ids of processes whose CPU time counts, too."""

    def __init__(self, name, process, port, options="", status_port=None, beside=(), tls_port=None):
        self.name, self.process, self.port, self.beside = name, process, port, beside
        self.options, self.status_port, self.tls_port = options, status_port, tls_port

    def url(self, path):
        """Over TLS if it was started with it."""
        return f"https://127.0.0.1:{self.tls_port}{path}" if self.tls_port else f"http://127.0.0.1:{self.port}{path}"


def certificate(folder):
    """A certificate with a key of P-256 that signs itself, in two files."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=localhost",
               "-keyout", os.path.join(folder, "key.pem"), "-out", os.path.join(folder, "cert.pem")]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failure(f"openssl made no certificate:\n{done.stdout}")


def start_upstream(core=None):
    """An nginx that answers /128 with 128 bytes and /64k with a file of 64 KiB; returns its process and port."""
    folder = temp_folder()
    port, = free_ports(1)
    with open(os.path.join(folder, "64k"), "wb") as file:
        file.write(bytes(range(256)) * 256)
    process = run_nginx(folder, UPSTREAM.format(port=port, folder=folder, small="x" * 128), core)
    await_answer(process, port, SMALL)
    return process, port


def start_nginx(upstream_port, core=None, buffering=True, tuned=True, tls=False):
    folder = temp_folder()
    port, tls_port = free_ports(2)
    if tls:
        certificate(folder)
    listen = TLS.format(port=tls_port, folder=folder) if tls else ""
    lines = (TUNED if tuned else "") if buffering else "proxy_buffering off; proxy_request_buffering off;"
    process = run_nginx(folder, PROXY.format(port=port, upstream=upstream_port, buffering=lines, tls=listen), core)
    await_answer(process, port, SMALL)
    return Proxy("nginx", process, port, tls_port=tls_port if tls else None)


def run_nginx(folder, http, core):
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not binary:
        raise Failure("no nginx found (expected: installed, e.g. apt-get install nginx)")
    os.chmod(folder, 0o755)
    config = os.path.join(folder, "nginx.conf")
    user = "user root;" if os.geteuid() == 0 else ""
    with open(config, "w", encoding="ascii") as file:
        file.write(NGINX.format(folder=folder, user=user, http=http))
    log = os.path.join(folder, "error.log")
    return start([binary, "-p", folder, "-c", config, "-e", log], log, core)


def build():
    """Builds the clients and, with them, the node, so that nothing is built under the clock."""
    command = [os.path.join(HOME, "mvnw"), "-q", "-DskipTests", "-Dspotless.check.skip=true", "-pl", "loadtest", "-am", "package"]
    if subprocess.run(command, cwd=HOME, check=False).returncode:
        raise Failure("the build failed, see above")


def start_sluice(upstream_port, core=None, plugins=False, java_opts=None, tls=False, text=None, more=()):
    """One node with one event loop, no access log, and only its proxy and status ports open; maybe with another configuration and more variables."""
    folder = temp_folder()
    config = os.path.join(folder, "kong.yml")
    with open(config, "w", encoding="ascii") as file:
        file.write((text or (PLUGINS if plugins else PLAIN)).format(upstream=upstream_port))
    port, status, cluster, management, tls_port = free_ports(5)
    env = {
        "KONG_DATABASE": "off",
        "KONG_DECLARATIVE_CONFIG": config,
        "KONG_PROXY_LISTEN": f"127.0.0.1:{port} backlog=4096",
        "KONG_STATUS_LISTEN": f"127.0.0.1:{status}",
        "KONG_ADMIN_LISTEN": "off",
        "KONG_ADMIN_GUI_LISTEN": "off",
        "KONG_NGINX_WORKER_PROCESSES": "1",
        "KONG_PROXY_ACCESS_LOG": "off",
        "KONG_LOG_LEVEL": "warn",
        "SLUICE_CLUSTER_PORT": str(cluster),
        "SLUICE_MANAGEMENT_PORT": str(management),
    }
    if tls:
        certificate(folder)
        env["KONG_PROXY_LISTEN"] += f", 127.0.0.1:{tls_port} ssl backlog=4096"
        env["KONG_SSL_CERT"], env["KONG_SSL_CERT_KEY"] = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    for name, value in more:
        env[name] = f"{env[name]}, {value}" if name in env else value
    if java_opts is not None:
        env["SLUICE_JAVA_OPTS"] = java_opts
    sluice = os.path.join(HOME, "sluice")
    check = subprocess.run([sluice, "config", "parse", config], env=dict(os.environ, **env), stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, check=False)
    if check.returncode:
        raise Failure(f"./sluice config parse gave {check.returncode}:\n{check.stdout}")
    process = start([sluice, "start"], os.path.join(folder, "sluice.log"), core, env, cwd=HOME)
    await_answer(process, port, SMALL, KEY)
    return Proxy("sluice", process, port, _java_options(process.pid), status, tls_port=tls_port if tls else None)


def start_command(command, upstream_port, core=None):
    """Any other proxy: {port} and {upstream} (host:port) are filled in, and in its environment as SUT_PORT and SUT_UPSTREAM."""
    port, = free_ports(1)
    upstream = f"127.0.0.1:{upstream_port}"
    words = [word.replace("{port}", str(port)).replace("{upstream}", upstream) for word in shlex.split(command)]
    env = {"SUT_PORT": str(port), "SUT_UPSTREAM": upstream}
    process = start(words, os.path.join(temp_folder(), "sut.log"), core, env)
    await_answer(process, port, SMALL, KEY)
    return Proxy("sut", process, port, _java_options(process.pid))


def start_sut(command, upstream_port, core=None, plugins=False, java_opts=None, buffering=True, tls=False):
    """The proxy under test: Sluice, or what --sut names; `nginx` is a second nginx, to see what the machine alone does."""
    if command is None:
        return start_sluice(upstream_port, core, plugins, java_opts, tls)
    if command == "nginx":
        proxy = start_nginx(upstream_port, core, buffering, tls=tls)
        proxy.name = "nginx-2"
        return proxy
    if tls:
        raise Failure("only Sluice and nginx are compared over TLS")
    return start_command(command, upstream_port, core)


def check_plugins(proxy):
    """All three plugins must be at work, or the row would flatter."""
    status, _, _ = get(proxy.port, SMALL)
    if status != 401:
        raise Failure(f"key-auth: {status} without a key (expected: 401)")
    _, headers, _ = get(proxy.port, SMALL, KEY)
    if not any(name.startswith("x-ratelimit-remaining") for name in headers):
        raise Failure(f"rate-limiting: no X-RateLimit-Remaining-* in {sorted(headers)}")


def check_metrics(proxy, at_least):
    """The counters must have seen the requests; for every metric group switched on there must be a series."""
    _, _, body = get(proxy.status_port, "/metrics", timeout=30)
    lines = body.decode().splitlines()
    for name in ("kong_http_requests_total", "kong_bandwidth_bytes", "kong_request_latency_ms", "kong_upstream_latency_ms"):
        if not any(line.startswith(name) for line in lines):
            raise Failure(f"prometheus: no {name} in /metrics")
    counted = sum(float(line.split()[-1]) for line in lines if line.startswith("kong_http_requests_total{"))
    if counted < at_least:
        raise Failure(f"prometheus: {counted:.0f} requests counted (expected: at least {at_least})")


def _java_options(pid):
    """The JVM's options as it got them, without the machine's paths."""
    with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
        words = file.read().split("\0")[:-1]
    if not words or os.path.basename(words[0]) != "java":
        return ""
    options = words[1:words.index("-jar")] if "-jar" in words else [word for word in words[1:] if word.startswith("-X")]
    return " ".join(option.replace(HOME + "/", "") for option in options)
