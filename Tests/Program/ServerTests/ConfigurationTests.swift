import Foundation
import Generations
import LipSync
import Server
import TestSupport
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    @Test("the document has exactly the settings that the program has")
    func document() throws {
        let path = Repository.root + "/docs/configuration.md"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            text.contains(Setting.markdownTable),
            "docs/configuration.md is out of date; its table has to be:\n\(Setting.markdownTable)")
    }

    @Test("defaults are valid, a variable counts, and a flag wins")
    func precedence() throws {
        #expect(try ServerConfiguration().port == 8080)
        let environment = ["LIPSMITH_PORT": "9000", "LIPSMITH_ACCESS_LOG": "off"]
        #expect(try ServerConfiguration(environment: environment).port == 9000)
        let both = try ServerConfiguration(flags: ["port": "9001"], environment: environment)
        #expect(both.port == 9001)
        #expect(!both.logsRequests)
    }

    @Test(
        "a value that cannot be used names its setting",
        arguments: [
            ("port", "65536"), ("port", "http"), ("render-slots", "-1"), ("plain-webhooks", "maybe"),
            ("allow-private-networks", "10.0.0.0/99"), ("allow-ports", "http"), ("allow-ports", "0"),
            ("public-url", "lips.example.com"), ("prices", "lipsync-2"),
            ("prices", "nobody=1"), ("create-status", "202"), ("host", ""), ("voice-map", "only"),
            ("voice-map", "=flite-slt"), ("transcription-url", "localhost"), ("elevenlabs-key", "a\r\nb"),
            ("cors-origins", "app.example.com"), ("cors-origins", "https://app.example.com/"),
            ("cors-origins", "https://a.example, https://b.example/path"), ("dub-length-limit", "0"),
            ("speech-timeout", "x"),
        ])
    func refused(name: String, value: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try ServerConfiguration(flags: [name: value]) }
        #expect(error?.setting == name)
        #expect(error?.description.contains("--\(name)") == true)
    }

    @Test("no length is allowed that the engine refuses, and without a setting all that it takes is")
    func engineLimits() throws {
        let most = Int(EngineLimits.mediaSeconds)
        #expect(try ServerConfiguration().mediaSecondsLimit == EngineLimits.mediaSeconds)
        let largest = try ServerConfiguration(flags: ["media-length-limit": "\(most)"])
        #expect(largest.mediaSecondsLimit == EngineLimits.mediaSeconds)
        let error = #expect(throws: ConfigurationError.self) {
            try ServerConfiguration(flags: ["media-length-limit": "\(most + 1)"])
        }
        #expect(error?.description.contains("\(most)") == true)
        #expect(MediaLimits().maximumSeconds == EngineLimits.mediaSeconds)
    }

    @Test("prices are read one by one or taken from the hosted service")
    func prices() throws {
        let own = try ServerConfiguration(flags: ["prices": "lipsync-2=0.5, sync-3=1"])
        #expect(own.interfaces.prices.rate(of: "lipsync-2") == 0.5)
        #expect(own.interfaces.prices.rate(of: "lipsync-2-pro") == 0)
        #expect(
            try ServerConfiguration(flags: ["prices": "published"]).interfaces.prices.rate(of: "lipsync-2") == 0.002)
    }

    @Test("origins of web pages are read in lower case, or all are meant; none unless it is set")
    func origins() throws {
        #expect(try ServerConfiguration().allowedOrigins.isEmpty)
        let some = try ServerConfiguration(flags: ["cors-origins": "https://App.example.com, http://localhost:5173"])
        #expect(some.allowedOrigins == ["https://app.example.com", "http://localhost:5173"])
        #expect(try ServerConfiguration(flags: ["cors-origins": "*"]).allowedOrigins == ["*"])
    }

    @Test("a secret is in no message")
    func secret() {
        let error = #expect(throws: ConfigurationError.self) {
            try ServerConfiguration(environment: ["LIPSMITH_ELEVENLABS_KEY": "xi-secret\n"])
        }
        #expect(error?.description.contains("LIPSMITH_ELEVENLABS_KEY") == true)
        #expect(error?.description.contains("xi-secret") == false)
    }

    @Test("operators are shown what holds of every setting, and no secret")
    func shownSettings() throws {
        let configuration = try ServerConfiguration(
            flags: ["port": "9000", "elevenlabs-key": "el-secret"],
            environment: [
                "LIPSMITH_TRANSCRIPTION_KEY": "tr-secret", "LIPSMITH_PORT": "9001", "LIPSMITH_VOICE_MAP": "",
                "LIPSMITH_TRANSLATION_URL": "https://user:password@translate.test/a@b",
            ])
        #expect(configuration.settings.map(\.setting.name) == Setting.all.map(\.name))
        func shown(_ name: String) throws -> [String] {
            let found = try #require(configuration.settings.first { $0.setting.name == name })
            return [found.shownValue, "\(found.isSet)"]
        }
        #expect(try shown("port") == ["9000", "true"])
        #expect(try shown("host") == ["127.0.0.1", "false"])
        #expect(try shown("voice-map") == ["", "true"])
        #expect(try shown("elevenlabs-key") == ["•••", "true"])
        #expect(try shown("transcription-key") == ["•••", "true"])
        #expect(try shown("translation-key") == ["", "false"])
        #expect(try shown("translation-url") == ["https://•••@translate.test/a@b", "true"])
        let all = configuration.settings.map(\.shownValue).joined(separator: " ")
        for secret in ["el-secret", "tr-secret", "password"] { #expect(!all.contains(secret)) }
        // A key to another service is a secret, whatever it is called.
        for setting in Setting.all where setting.name.hasSuffix("-key") || setting.name.contains("secret") {
            guard case .secret = setting.kind else {
                Issue.record("\(setting.name) is shown")
                continue
            }
        }
    }

    @Test("the studio's address is the public one, else one that a browser on this machine can open")
    func studioAddress() throws {
        for (flags, base): ([String: String], String?) in [
            ([:], "http://127.0.0.1:8080"), (["host": "0.0.0.0", "port": "9000"], "http://127.0.0.1:9000"),
            (["host": "::"], "http://[::1]:8080"), (["host": "lips.local"], "http://lips.local:8080"),
            (["public-url": "https://lips.test/"], "https://lips.test"), (["port": "0"], nil),
            (["port": "0", "public-url": "https://lips.test"], "https://lips.test"),
        ] {
            #expect(try ServerConfiguration(flags: flags).studioBase == base)
        }
    }

    @Test("a misspelt variable is noticed")
    func misspelt() {
        #expect(
            ServerConfiguration.unknownVariables(in: ["LIPSMITH_PROT": "1", "LIPSMITH_PORT": "1", "HOME": "/"]) == [
                "LIPSMITH_PROT"
            ])
    }
}
