import LipSync

extension Setting {
    /// What outputs say of where they come from. All but the last two hold for `sync`, `animate` and `say` too.
    static let provenanceSettings: [Setting] = [
        Setting(
            "credentials", .choice(["on", "off"]), default: "on",
            summary: "Whether every output gets a signed manifest of how it was made (Content Credentials, C2PA 2).",
            effect:
                "Off, outputs do not say that they were made by a machine, which the law of some countries asks for "
                + "(docs/provenance.md)."),
        Setting(
            "credentials-key", .secret, default: "",
            summary:
                "The key that signs manifests: a file in PEM, or pkcs11:token=…;object=… for one in hardware.",
            effect:
                "Unset, an installation makes a key of its own in the data folder, which readers show as unknown. Set, it "
                + "needs credentials-chain."),
        Setting(
            "credentials-chain", .text, default: "",
            summary: "The certificates of that key in PEM, the signer's first.",
            effect: "A chain that readers trust shows your name beside the output."),
        Setting(
            "credentials-module", .text, default: "", summary: "The PKCS#11 module of a key in hardware.",
            effect: "Unset, OpenSSL's own setting is used."),
        Setting(
            "watermark", .choice(["on", "off"]), default: "on",
            summary: "Whether redrawn faces of videos get an imperceptible mark with a number, which `verify` finds.",
            effect:
                "Off, a video whose credentials were removed does not say any more that it was made by a machine."),
        Setting(
            "visible-mark", .choice(["off", "corner", "start"]), default: "off",
            summary:
                "Whether videos show a small label, “AI” and a word: in a corner throughout, or for the first five seconds. "
                + "It stands at the top right unless a face is there.",
            effect:
                "Off, whoever publishes a video has to label it, where the law asks for that (docs/provenance.md)."),
        Setting(
            "mark-language", .choice(VisibleLabel.languages), default: "en", summary: "The language of that label.",
            effect: "It should be the viewers'."),
        Setting(
            "require-consent", .flag, default: "false",
            summary:
                "Whether every order must say something about the consent of the people who are seen and heard, by the header "
                + "x-lipsmith-consent.",
            effect: "True, and clients that do not know of the header are refused."),
        Setting(
            "registry-retention", .number(0...36_500, unit: "days"), default: "0",
            summary:
                "How long the digest, the watermark's number and the looks of outputs are remembered, also of deleted ones; "
                + "0 for ever.",
            effect: "Too short, and `verify` cannot tell any more that an output was made here."),
    ]
}
