import HTTP
import Testing
import Text

@Suite("Messages, routes, metrics")
struct MessageTests {
    @Test("Dates go out and come back")
    func dates() {
        #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.format(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.format(951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
        for seconds in stride(from: 0, to: 4_102_444_800, by: 12_345_678) {
            #expect(HTTPDate.parse(HTTPDate.format(seconds)) == seconds)
        }
        for text in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
        ] {
            #expect(HTTPDate.parse(text) == nil)
        }
    }

    @Test(
        "Cookies are read as browsers and proxies send them",
        arguments: [
            (["a=1"], ["1"]), (["b=2; a=1"], ["1"]), (["b=2;a=1;c=3"], ["1"]), ([" \ta \t=\t 1 ; b=2"], ["1"]),
            (["a=\"1\""], ["1"]), (["a=1; a=2"], ["1", "2"]), (["b=2", "a=1"], ["1"]), (["a=1", "a=2"], ["1", "2"]),
            (["a="], [""]), (["a=x=y="], ["x=y="]), (["a=\""], ["\""]), (["a=\"\""], [""]), (["A=1"], []),
            (["aa=1; ba=2"], []), (["a"], []), ([";;; ; =1; =; a"], []), (["b=a=1"], []), ([""], []), ([], []),
        ] as [([String], [String])])
    func cookies(fields: [String], values: [String]) {
        var headers: HTTPHeaders = ["Host": "x"]
        for field in fields { headers.add("cookie", field) }
        #expect(headers.cookies("a") == values)
    }

    @Test("What a server asks its callers to wait: seconds or a date")
    func retryAfter() {
        #expect(RetryAfter.seconds("7") == 7)
        #expect(RetryAfter.seconds("1.5") == 1.5)
        #expect(RetryAfter.seconds("1e300") == 31_536_000)
        for text in ["soon", "-3", "nan", "inf", ""] { #expect(RetryAfter.seconds(text) == nil, "\(text)") }
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:47 GMT", now: 784_111_777) == 10)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 0)
    }

    @Test("Addresses are encoded behind the host, once")
    func requestAddress() {
        for (address, encoded) in [
            ("http://a/b c.mp4", "http://a/b%20c.mp4"),
            ("HTTPS://Ä.de/Ä?ü=ß #x", "HTTPS://Ä.de/%C3%84?%C3%BC=%C3%9F%20#x"),
            ("http://a/%20%C3%A4+%zz", "http://a/%20%C3%A4+%zz"), ("http://a?b|c", "http://a?b%7Cc"),
            ("http://a\\b", "http://a%5Cb"), ("http://a/b?c=d&e=[f]", "http://a/b?c=d&e=[f]"), ("http://a", "http://a"),
        ] {
            #expect(RequestAddress.encoded(address) == encoded)
        }
        for address in ["ftp://a/b", "http:/a", "a", "", "http://a/\u{0}", "http://a/\r\nHost: b", "http://a/\u{7F}"] {
            #expect(RequestAddress.encoded(address) == nil)
        }
    }

    @Test("Percent encoding is strict")
    func percentEncoding() {
        #expect(PercentEncoding.decode("a%20b+c") == "a b+c")
        #expect(PercentEncoding.decode("a+b", plusIsSpace: true) == "a b")
        for text in ["%", "%1", "%zz", "%00", "%ff", "%C3", "%ED%A0%80"] {
            #expect(PercentEncoding.decode(text) == nil)
        }
        #expect(PercentEncoding.decode(PercentEncoding.encode("ä/ b&=%?")) == "ä/ b&=%?")
    }

    @Test("Targets come apart into path and query")
    func targets() throws {
        for (target, path, names) in [
            ("/", "/", []), ("*", "/", []), ("http://host", "/", []), ("HTTPS://host?a", "/", ["a"]),
            ("/a+b/%C3%A4//", "/a+b/ä//", []), ("/a?b+c=%26&&d?=", "/a", ["b c", "d?"]),
        ] {
            let request = try HTTPRequest(.get, target)
            #expect(request.path == path, "\(target)")
            #expect(request.query.pairs.map(\.name) == names, "\(target)")
        }
        for target in ["", "a", "ftp://host/", "/%", "/%00", "/?a=%zz"] {
            #expect(throws: HTTPError.self, "\(target)") { try HTTPRequest(.get, target) }
        }
    }

    @Test("Headers compare without case and keep their order")
    func headers() {
        var headers: HTTPHeaders = ["A": "1", "b": "2"]
        headers.add("a", "3")
        #expect(headers["a"] == "1")
        #expect(headers.values("A") == ["1", "3"])
        headers["A"] = "4"
        #expect(headers.map(\.value) == ["2", "4"])
        #expect(!HTTPHeaders.isWritable(name: "a", value: "b\r\nc: d"))
        #expect(!HTTPHeaders.isWritable(name: "a b", value: "c"))
    }

    @Test("Literal segments win, names match one segment, the rest takes many")
    func routes() async throws {
        var router = HTTPRouter()
        for pattern in ["/", "/a/{x}", "/a/list", "/a/{x}/b", "/files/{path*}"] {
            router.on(.get, pattern) { request in
                .text(pattern + request.parameters.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined())
            }
        }
        router.on(.post, "/a/list") { _ in .text("made") }
        for (target, expected) in [
            ("/", "/"), ("/a/1", "/a/{x} x=1"), ("/a/list", "/a/list"), ("/a/list/b", "/a/{x}/b x=list"),
            ("/files/x/y%2Fz", "/files/{path*} path=x/y/z"), ("/a/%7Bx%7D?q", "/a/{x} x={x}"),
            ("http://host/a/1", "/a/{x} x=1"), ("/a/1/", "/a/{x} x=1"), ("/a/list/?q", "/a/list"),
            ("/files/x/", "/files/{path*} path=x/"),
        ] {
            let response = try await router.respond(to: HTTPRequest(.get, target))
            #expect(String(decoding: response.bytes, as: UTF8.self) == expected)
        }
        for (method, target, status) in [
            (HTTPMethod.get, "/a", HTTPStatus.notFound), (.get, "/a/", .notFound), (.get, "/files", .notFound),
            (.delete, "/a/list", .methodNotAllowed), (.delete, "/a/list/", .methodNotAllowed),
            (.get, "/a/1//", .notFound), (.get, "//", .notFound),
        ] {
            let error = await #expect(throws: HTTPError.self) {
                try await router.respond(to: HTTPRequest(method, target))
            }
            #expect(error?.status == status, "\(target)")
        }
    }

    @Test("Metrics in Prometheus' text format")
    func metrics() {
        let metrics = Metrics()
        metrics.count("requests_total", [("route", "/a\"b\\\n")])
        metrics.count("requests_total", [("route", "/a\"b\\\n")], by: 2)
        metrics.set("slots", to: 2.5)
        metrics.adjust("slots", by: -1)
        metrics.observe("seconds", [("route", "/a")], seconds: 0.02)
        metrics.observe("seconds", [("route", "/a")], seconds: 500)
        let text = metrics.render()
        #expect(text.contains("# TYPE requests_total counter\nrequests_total{route=\"/a\\\"b\\\\\\n\"} 3\n"))
        #expect(text.contains("# TYPE slots gauge\nslots 1.5\n"))
        #expect(text.contains("seconds_bucket{route=\"/a\",le=\"0.025\"} 1\n"))
        #expect(
            text.contains("seconds_bucket{route=\"/a\",le=\"120\"} 1\nseconds_bucket{route=\"/a\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("seconds_sum{route=\"/a\"} 500.02\nseconds_count{route=\"/a\"} 2\n"))
    }
}
