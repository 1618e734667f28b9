#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# A server that misbehaves in as many ways as it has folders.  PORT; a line a
# request on standard output.
import socket
import sys
import threading
import time

PAGE = ('<html><head><title>Index of {0}</title></head><body><h1>Index of {0}</h1><hr><pre>'
        '<a href="../">../</a>\n{1}</pre><hr></body></html>')
LINE = '<a href="{0}">{0}</a>   28-Mar-2023 10:46   {1}\n'
asked = {}


def listing(path, *names):
    page = PAGE.format(path, ''.join(LINE.format(n, '-' if n.endswith('/') else 9) for n in names)).encode()
    return b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n' % len(page) + page


def serve(s):
    head = b''
    while b'\r\n\r\n' not in head:
        piece = s.recv(4096)
        if not piece:
            return False
        head += piece
    path = head.split(b' ')[1].decode()
    print(path, flush=True)
    asked[path] = asked.get(path, 0) + 1
    end = b'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n'
    if path == '/':
        end = listing('/', 'tree/', 'page/', 'heads/', 'slowhead/', 'slowbody/', 'continue/', 'loop/', 'cut/',
                      'chunks/', 'gzip/', 'busy/', 'login/', 'patient', 'short', 'badchunk', 'hops')
    elif path.startswith('/tree/'):
        end = listing(path, 'tree/', 'same')
    elif path == '/page/':
        s.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n' + PAGE.format(path, '').split('</pre>')[0].encode())
        block = LINE.format('n' * 200 + '/../x', 1).encode() * 500
        while True:
            s.sendall(block)
    elif path == '/heads/':
        s.sendall(b'HTTP/1.1 200 OK\r\n')
        while True:
            s.sendall(b'X-Y: ' + b'z' * 1000 + b'\r\n')
    elif path == '/continue/':
        while True:
            s.sendall(b'HTTP/1.1 100 Continue\r\n\r\n' * 100)
    elif path in ('/slowhead/', '/slowbody/'):
        s.sendall(b'HTTP/1.1 200 OK\r\n' + (b'\r\n' if path == '/slowbody/' else b''))
        while True:
            s.sendall(b'X: y\r\n')
            time.sleep(0.5)
    elif path.startswith('/loop/') or path == '/hops':
        end = b'HTTP/1.1 302 Go\r\nLocation: %s?%d\r\nContent-Length: 0\r\n\r\n' % (
            b'/hops' if path == '/hops' else b'/loop/', asked[path])
    elif path.startswith('/hops?'):
        end = b'HTTP/1.1 302 Go\r\nLocation: /hops?%d\r\nContent-Length: 0\r\n\r\n' % len(asked)
    elif path == '/cut/':
        end = listing(path, 'a', 'b', 'c', 'd')[:-60]
        s.sendall(end)
        return False
    elif path == '/chunks/':
        body = listing(path, 'x').split(b'\r\n\r\n', 1)[1]
        end = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n'
        end += b''.join(b'%x;odd=1\r\n%s\r\n' % (len(body[i:i + 7]), body[i:i + 7]) for i in range(0, len(body), 7))
        end += b'0\r\nTrailer: x\r\n\r\n'
    elif path == '/gzip/':
        end = b'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\0'
    elif path in ('/busy/', '/patient'):
        ok = listing(path) if path == '/busy/' else b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789'
        end = ok if asked[path] > 1 else b'HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n'
    elif path == '/login/':
        page = b'<form method=post><input name=user><input type="password" name=p></form>'
        end = b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % len(page) + page
    elif path == '/short':
        s.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n' + b'x' * 500)
        return False
    elif path == '/badchunk':
        s.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n')
        return False
    elif path == '/chunks/x':
        end = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n5\r\npedia\r\n0\r\n\r\n'
    elif path.endswith('/same'):
        end = b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsame same'
    s.sendall(end)
    return True


def client(s):
    try:
        while serve(s):
            pass
    except OSError:
        pass
    s.close()


listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True:
    threading.Thread(target=client, args=(listener.accept()[0],), daemon=True).start()
