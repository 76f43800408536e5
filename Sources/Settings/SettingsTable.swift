/// The one table of settings. A new row here is in every window, procedure, preset, option list and document; see
/// "Adding a setting" in docs/ARCHITECTURE.md.
extension Setting {
    /// In the order in which windows and documents show them.
    public static let all: [Setting] = [
        Setting(
            "style", .text(\.style), .painting, .look, labelled: "_Style:",
            tip: "The look of the drawing"),
        Setting(
            "region",
            .choice(
                \.options.region,
                [Message("Faces only"), Message("Whole photograph"), Message("Photograph and faces")]),
            .composition, .look, labelled: "_Draw:",
            tip:
                """
                What is drawn; with photograph and faces (both), each face is drawn once more at the size that suits \
                it best
                """
        ),
        Setting(
            "strength", .percent(\.options.strength, 0...100), .composition, .look, labelled: "S_trength (%):",
            tip: "0 leaves the photograph, 100 is the whole drawing"),
        Setting(
            "line-strength", option: "lines", .percent(\.options.lineStrength, 0...200), .composition, .look,
            labelled: "_Lines (%):",
            tip: "0 draws no lines, 100 draws them as the style does, 200 twice as heavy"),
        Setting(
            "keep-colors", .percent(\.options.keepColors, 0...100), .tone, .look, labelled: "_Keep colors (%):",
            tip: "How much of the photograph's own colors is kept"),
        Setting(
            "vividness", .percent(\.options.vividness, 0...200), .tone, .look, labelled: "Vividn_ess (%):",
            tip: "0 draws in gray, 100 in the style's own colors, 200 in twice as vivid ones"),
        Setting(
            "detail", .percent(\.options.detail, 0...100), .painting, .look, labelled: "Deta_il (%):",
            tip:
                """
                How finely the whole is drawn: 0 coarser, 50 as usual, 100 as fine as the photograph, which takes \
                longer
                """
        ),
        Setting(
            "output", isForFiles: false,
            .choice(
                \.output,
                [
                    Message("New layer"), Message("New layer with mask"),
                    Message("Layer group with color and lines"), Message("Replace the layer"),
                ]),
            .composition, .look, labelled: "O_utput:",
            tip: "Where the drawing goes; a mask or a group can be edited afterwards"),
        Setting(
            "min-face", .number(.init(path: \.minimumFace, range: 16...100_000, unit: .pixels, hasAutomatic: true)),
            .composition, .faces, labelled: "_Minimum size (pixels):",
            tip:
                """
                Side of the smallest face that is drawn apart, in pixels, at least 16; automatic (0) draws every \
                face of 24 and more
                """
        ),
        Setting(
            "lighting", .percent(\.options.lighting, 0...100), .painting, .tone, labelled: "Even l_ight (%):",
            tip: "How far light and shadow are evened out before drawing"),
        Setting(
            "skin-constancy", option: "skin", .percent(\.options.skinConstancy, 0...100), .tone, .tone,
            labelled: "Ski_n (%):",
            tip: "How far skin keeps the photograph's own skin color"),
        Setting(
            "hair-limit", option: "hair", .percent(\.options.hairLimit, 0...100), .tone, .tone, labelled: "H_air (%):",
            tip: "How far hair keeps the photograph's own hair color"),
        Setting(
            "half-precision", option: "precision",
            .choice(\.options.precision, [Message("Exact"), Message("Fast")], isSwitch: true),
            .painting, .tone, labelled: "_Fast drawing",
            tip:
                """
                Draws faster on new processors, with differences that are hardly seen; without it a drawing can be \
                repeated exactly
                """
        ),
    ]

    /// - Returns: the row of that name; `nil` for a name that is in no list of `name=value`.
    public static func named(_ name: String) -> Setting? { all.first { $0.name == name } }
}
