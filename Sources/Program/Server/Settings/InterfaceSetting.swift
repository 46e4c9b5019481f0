extension Setting {
    /// Which published interfaces are answered, and how.
    static let interfaceSettings: [Setting] = [
        Setting(
            "interfaces", .interfaces, default: PublishedInterface.allCases.map(\.rawValue).joined(separator: ","),
            summary: "The published interfaces that the server answers. Its own, under /v1, and the studio always are.",
            effect:
                "What is left out answers 404; files that were made through it are opened by their links all the same."),
        Setting(
            "create-status", .choice(["201", "200"]), default: "201", summary: "The status of an accepted generation.",
            effect: "201 is documented; 200 is for clients that take anything else for a failure."),
        Setting(
            "cost-reply", .choice(["list", "object"]), default: "list",
            summary: "The form of the reply of /v2/analyze/cost.",
            effect: "list is what the SDKs expect; object is what an older editor plugin shows a price from."),
        Setting(
            "refuse-voice-with-dub", .flag, default: "false",
            summary: "Whether audio or text beside dubParams is refused.",
            effect: "false ignores it, as the contract's page says; true refuses it, as the newer error catalogue says."
        ),
        Setting(
            "prices", .prices, default: "", summary: "What a frame costs in US dollars, shown by the cost routes.",
            effect: "Unset, everything costs nothing; published takes the hosted service's prices."),
        Setting(
            "hedra-credits", .number(-1...1_000_000_000, unit: "credits"), default: "-1",
            summary: "The credits that an organisation may spend in Hedra's interface; -1 for any number.",
            effect:
                "-1 shows a large constant balance and refuses nothing; otherwise jobs that cost more than is left are "
                + "refused with 402."),
        Setting(
            "hedra-credits-error", .choice(["MISSING_CREDITS", "INSUFFICIENT_BALANCE"]), default: "MISSING_CREDITS",
            summary: "The name of the error of an organisation without credits.",
            effect: "The first is the name of early 2026, the other one the name since July 2026."),
        Setting(
            "hedra-inputs", .choice(["any", "files"]), default: "any",
            summary: "Which addresses inputs of Hedra's API v3 may name: any, or those of files that were sent here.",
            effect: "files is as strict as the hosted service's schema; any fetches media as the other interfaces do."),
        Setting(
            "comfyui-keyless", .flag, default: "false",
            summary:
                "Whether ComfyUI's own nodes on this machine may come without a key; they then work for the oldest "
                + "organisation.",
            effect:
                "true lets every program of this machine in at ComfyUI's addresses, but no page of a browser and nothing "
                + "that came by a proxy."),
    ]
}
