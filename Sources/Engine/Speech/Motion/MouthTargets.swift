/// The target shape of the mouth for each phone, and the phone's strength against its neighbours.
///
/// For phones that are known, from a synthesiser or from aligned text: least-squares fit on 28 talking-face clips of 21
/// speakers (Lipsmith's speech-to-mouth study, section 2), in unit scale. TH and HH have the values that the study
/// fitted to a recogniser's phones, since it gives none for known ones.
enum MouthTargets {
    /// The mouth of one phone.
    struct Target: Hashable {
        /// Whether the lips shut (p b m) or the lower lip touches the teeth (f v).
        var closure: LipClosure.Kind?
        /// In unit scale (as `width` and `jaw`), before curves are stretched.
        var opening: Float
        var width: Float
        var jaw: Float
    }

    /// The weight of a phone against its neighbours: `opening` for opening and jaw, `width` for the width.
    struct Strength: Hashable {
        var opening: Float
        var width: Float
    }

    private static let table: [(phones: String, opening: Float, width: Float, jaw: Float)] = [
        ("P", 0.15, 0.32, 0.51), ("B", 0.03, 0.30, 0.44), ("M", 0.06, 0.31, 0.34),
        ("F", -0.02, 0.40, 0.23), ("V", 0.03, 0.42, 0.21),
        ("TH DH", 0.28, 0.57, 0.39), ("T D", 0.34, 0.50, 0.35), ("N NG", 0.31, 0.50, 0.33), ("L", 0.34, 0.32, 0.52),
        ("S Z", 0.28, 0.56, 0.30), ("SH ZH CH JH", 0.47, 0.28, 0.41), ("K G", 0.57, 0.47, 0.49),
        ("HH", 0.54, 0.50, 0.42),
        ("R ER", 0.32, 0.17, 0.41), ("W", 0.20, -0.12, 0.54), ("OW", 0.40, 0.10, 0.62), ("AO OY", 0.60, 0.06, 0.81),
        ("UW UH", 0.32, 0.17, 0.43), ("AA", 0.89, 0.60, 0.84), ("AE", 1.06, 0.93, 1.02), ("AY", 0.98, 0.88, 0.95),
        ("AW", 0.79, 0.58, 0.85), ("AH", 0.45, 0.44, 0.49), ("EH", 0.81, 0.72, 0.79), ("EY", 0.67, 0.86, 0.63),
        ("IH", 0.56, 0.78, 0.57), ("IY Y", 0.41, 0.79, 0.49),
    ]

    /// The target of silence, noise and fillers.
    static let silence = Target(closure: nil, opening: 0.31, width: 0.62, jaw: 0.30)

    /// The target of every ARPAbet phone (without stress) and of `SIL`.
    static let targets: [String: Target] = {
        var targets = [TimedPhone.silence: silence]
        for row in table {
            for phone in row.phones.split(separator: " ").map(String.init) {
                let closure: LipClosure.Kind? =
                    ["P", "B", "M"].contains(phone) ? .lips : ["F", "V"].contains(phone) ? .lipOnTeeth : nil
                targets[phone] = Target(closure: closure, opening: row.opening, width: row.width, jaw: row.jaw)
            }
        }
        return targets
    }()

    private static let sibilants: Set = ["S", "Z", "SH", "ZH", "CH", "JH"]
    private static let tongueBackAndBreath: Set = ["K", "G", "NG", "HH"]
    private static let lipShaped: Set = ["F", "V", "W", "UW", "UH", "OW", "OY", "AO", "R", "ER"]
    private static let spread: Set = ["IY", "IH", "Y"]

    /// The strength of an ARPAbet phone (without stress); 1 for unknown ones. Values of section 2, step 3 of the study.
    static func strength(of phone: String) -> Strength {
        if sibilants.contains(phone) { return Strength(opening: 1.5, width: 2) }
        if tongueBackAndBreath.contains(phone) { return Strength(opening: 0.3, width: 0.3) }
        if lipShaped.contains(phone) { return Strength(opening: 1, width: 2) }
        if spread.contains(phone) { return Strength(opening: 1, width: 0.3) }
        return Strength(opening: phone == TimedPhone.silence ? 0.3 : 1, width: 1)
    }
}
