import Generations
import Testing

/// Goal: an address that can be called is let through as people write it, and of any other it is said what is wrong.
struct WebAddressTests {
    @Test(arguments: [
        "http://a", "https://a.example/b c/größe.mp4?q=ü", "HTTP://bücher.example:8080/", "https://u:p@[::1]:1/x",
        "http://a:/",
    ])
    func wellFormed(_ address: String) { #expect(WebAddress.problem(in: address) == nil) }

    @Test(arguments: [
        ("ftp://a", "must be an http or https address."), ("", "must be an http or https address."),
        ("a/b", "must be an http or https address."),
        ("http:///a", "must be an http or https address with a host name."),
        ("http://a:99999/", "must be an http or https address with a host name."),
        (" http://a", "must not begin or end with a blank."), ("http://a\u{A0}", "must not begin or end with a blank."),
        ("http://a b/", "must not have a blank in its host name."),
        ("http://a/\u{0}", "must not hold the control character U+0000."),
        ("http://a/\r\nHost: b", "must not hold the control character U+000D."),
        ("http://a/\u{7F}", "must not hold the control character U+007F."),
    ])
    func problems(_ address: String, _ problem: String) { #expect(WebAddress.problem(in: address) == problem) }

    @Test func limits() {
        #expect(WebAddress.problem(in: "http://a/bcd", limit: 11) == "must not be longer than 11 bytes.")
        #expect(WebAddress.problem(in: "http://a", schemes: ["https"]) == "must be an https address.")
    }

    @Test(arguments: [
        ("https://Me.Example/x", "me.example"), ("http://u:p@a:80?b", "a"), ("http://[FD00::1]:80/", "fd00::1"),
        ("a", ""),
    ])
    func host(_ address: String, _ host: String) { #expect(WebAddress.host(of: address) == host) }
}
