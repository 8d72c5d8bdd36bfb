"""A server on this machine that gives small files, and refuses, breaks off or lies when it is told to."""

from __future__ import annotations

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def md5(data: bytes) -> str:
    """The checksum as collections publish it."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


class FileServer:
    """Serves ``files`` (path without the leading slash -> bytes) until closed.

    ``ranges``: whether parts can be asked for. ``breaks``: after how many bytes each of the next answers ends,
    though more was announced. ``wrong``: how many of the next answers have one byte changed. ``asked``: the path
    and the range of every request so far. ``shift`` moves the part that is sent, as a broken server might.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.ranges, self.shift = files, True, 0
        self.breaks: list[int] = []
        self.wrong = 0
        self.asked: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the files are, with a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        """Answer no more; the port is then closed."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def pause(self) -> None:
        """Called in the middle of every answer."""

    def body(self, path: str) -> bytes:
        """What is sent for a path this time."""
        data = self.files[path]
        if self.wrong:
            self.wrong -= 1
            return bytes([data[0] ^ 1]) + data[1:]
        return data


def _handler(server: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, wanted = self.path.lstrip("/"), self.headers.get("Range", "")
            server.asked.append((path, wanted))
            if path not in server.files:
                self.send_error(404)
                return
            body = server.body(path)
            start = int(re.sub(r"\D", "", wanted) or 0) if server.ranges else 0
            if start and start >= len(body):
                self.send_error(416)
                return
            self._send(body, start)

        def _send(self, body: bytes, start: int) -> None:
            self.send_response(206 if start else 200)
            if start:
                first = start + server.shift
                self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
            part = body[start:]
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            part = part[: server.breaks.pop(0)] if server.breaks else part
            middle = len(part) // 2
            try:
                self.wfile.write(part[:middle])
                server.pause()
                self.wfile.write(part[middle:])
            except ConnectionError:
                return  # whoever asked has gone

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
