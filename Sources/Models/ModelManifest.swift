import Settings

/// The JSON file beside a model's ONNX file: how to feed the network and what to tell the user.
public struct ModelManifest: Equatable, Sendable, Codable {
    /// Order of a picture tensor's dimensions.
    public enum Layout: String, Sendable, Codable { case NCHW, NHWC }
    /// Order of a picture tensor's channels.
    public enum Channels: String, Sendable, Codable { case RGB, BGR }

    /// The picture that goes in.
    public struct Input: Equatable, Sendable, Codable {
        /// In the graph.
        public var name: String
        /// Of this and of all other picture tensors.
        public var layout: Layout
        /// Of this and of all other picture tensors.
        public var channels: Channels
        /// Values of black and white, in this order.
        public var range: [Float]
        /// Width and height must be multiples of this.
        public var multiple: Int
        /// Width and height when the network takes no other; smaller pictures are padded to it and larger ones scaled
        /// down.
        public var size: [Int]?
    }

    /// What comes out, by names in the graph.
    public struct Outputs: Equatable, Sendable, Codable {
        /// Flat colour, same layout, channels and range as the input; `nil` when the drawing is decided late.
        public var colour: String?
        /// Line coverage 0…1, one channel; `nil` when the model draws its lines into the colour.
        public var lines: String?
        /// Unshaded colour, 0…1, what shade and light do to it, and where they and all else lie: see `Composition`.
        public var flat: String?
        /// What shade and light do to the colour.
        public var effects: String?
        /// Where lines, shade, light and eyes lie.
        public var logits: String?
    }

    /// Channel gates that a tiled run computes once and shares between tiles.
    public struct Gates: Equatable, Sendable, Codable {
        /// Input that takes given gates.
        public var input: String
        /// Input that chooses between computed (0) and given (1) gates.
        public var mix: String
        /// Output with the computed gates.
        public var output: String
        /// Number of gates.
        public var count: Int
    }

    /// The square that a face is drawn in, and how it lies there.
    public struct FaceSquare: Equatable, Sendable, Codable {
        /// Side of the square that a face is drawn in, in pixels.
        public var size: Int
        /// Smallest side, for faces that have less detail in the photograph; `nil` draws none smaller than `size`.
        public var minimumSize: Int?
        /// Largest side, for faces that have more detail in the photograph; `nil` draws all at `size`.
        public var maximumSize: Int?
        /// Which landmark template; `ffhq512` is the only one so far.
        public var template: String
        /// Template scale about the square's centre.
        public var templateScale: Double
    }

    /// How pictures that are larger than a tile are drawn.
    public struct Tiling: Equatable, Sendable, Codable {
        /// Whether tiles can be drawn one by one.
        public var allowed: Bool
        /// Side of a square as large as a tile's own share at most, in pixels.
        public var tile: Int
        /// Pixels around it that a tile needs to see.
        public var overlap: Int
    }

    /// What the style decides where the user does not, by `Setting.manifestKey`; percentages are shares (1 is 100 %).
    public struct Defaults: Equatable, Sendable, Codable {
        /// By `Setting.manifestKey`.
        public var shares: [String: Double]

        /// These shares.
        public init(shares: [String: Double]) { self.shares = shares }

        /// Names that no setting has are left out.
        public init(from decoder: Decoder) throws {
            let given = try [String: JSONValue](from: decoder)
            shares = [:]
            for name in Setting.all.compactMap(\.manifestKey) {
                guard let value = given[name] else { continue }
                guard case let .number(share) = value else {
                    throw DecodingError.dataCorrupted(
                        .init(codingPath: decoder.codingPath, debugDescription: "\(name) is no number"))
                }
                shares[name] = share
            }
        }

        /// The shares alone.
        public func encode(to encoder: Encoder) throws { try shares.encode(to: encoder) }
    }

    /// Version of the form of this file.
    public var schema: Int
    /// What scripts and presets call the style.
    public var id: String
    /// Shown to the user, by language code; `en` is the fallback.
    public var title: [String: String]
    /// One sentence for the user, by language code.
    public var description: [String: String]
    /// ONNX file name, beside the manifest.
    public var file: String
    /// Lower-case hexadecimal sha256 of the ONNX file; empty skips the check.
    public var sha256: String
    /// An SPDX identifier.
    public var licence: String
    /// Of the model.
    public var version: String
    /// The picture that goes in.
    public var input: Input
    /// What comes out.
    public var outputs: Outputs
    /// Guide maps that the network takes; `nil` when it takes none.
    public var guides: Guides?
    /// Channels of `outputs.logits`, in order.
    public var logits: [Logit]?
    /// By the names of `Logit`.
    public var decisions: [String: Decision]?
    /// `nil` when tiles share nothing.
    public var gates: Gates?
    /// The line colour is the local colour times this (R, G, B in sRGB).
    public var lineTint: [Float]
    /// Coverage that counts as no line and as a full line, between which it rises smoothly; `nil` takes it as it is.
    public var lineRange: [Float]?
    /// How a face is drawn apart.
    public var face: FaceSquare
    /// How large pictures are drawn.
    public var tiling: Tiling
    /// Side of a square as large as the whole of a photograph is drawn by default, whatever its proportions, in pixels;
    /// the longer side where pictures cannot be drawn in tiles.
    public var workingSize: Int
    /// Where the sliders start.
    public var defaults: Defaults

    /// - Throws: `StyleError.modelUnreadable` naming the first field that makes no sense.
    public func validated(path: String) throws -> ModelManifest {
        func require(_ condition: Bool, _ reason: Message) throws {
            if !condition { throw StyleError.modelUnreadable(file: path, reason: reason) }
        }
        try require(
            (1...2).contains(schema), "its manifest has schema \(schema) and this version reads schemas 1 and 2")
        try require(
            !id.isEmpty && !file.isEmpty && !file.contains("/"),
            "its manifest needs an id and a file name without folders")
        try require(
            id.utf8.count <= Self.longestID,
            "its id “\(String(id.prefix(Self.longestID)))…” is longer than \(Self.longestID) characters")
        try require(
            Self.isUsable(id: id),
            """
            its id “\(id)” has to be small letters, digits, points, hyphens and \
            underscores alone, beginning with a letter or digit
            """
        )
        try require(
            (Array(title.values) + Array(description.values)).allSatisfy { $0.utf8.count <= Self.longestText },
            "its title or description is longer than \(Self.longestText) bytes")
        try require(input.range.count == 2 && input.range[0] < input.range[1], "“range” needs two rising numbers")
        try require((1...256).contains(input.multiple), "“multiple” must be 1 to 256")
        try require(
            input.size.map { $0.count == 2 && $0.allSatisfy((16...4096).contains) } ?? true,
            "the input's size needs a width and a height of 16 to 4096")
        if let problem = compositionProblem { try require(false, problem) }
        try require(
            guides.map { !$0.maps.isEmpty && input.layout == .NCHW } ?? true,
            "“guides” needs maps, and pictures as NCHW")
        try require(lineTint.count == 3, "“lineTint” needs three numbers")
        try require(
            lineRange.map { $0.count == 2 && $0[0] >= 0 && $0[0] < $0[1] } ?? true,
            "“lineRange” needs two rising numbers")
        try require(
            (64...2048).contains(face.size) && face.size % input.multiple == 0,
            "the face size must be 64 to 2048 and a multiple of \(input.multiple)")
        try require(
            face.maximumSize.map { $0 >= face.size && $0 <= 2048 } ?? true,
            "the largest face size must be \(face.size) to 2048")
        try require(
            face.minimumSize.map { (64...face.size).contains($0) && $0 % input.multiple == 0 } ?? true,
            "the smallest face size must be 64 to \(face.size) and a multiple of \(input.multiple)")
        try require(face.template == FaceTemplate.ffhq512.name, "the face template “\(face.template)” is unknown")
        try require((0.2...2).contains(face.templateScale), "the template scale must be 0.2 to 2")
        try require(
            (64...4096).contains(tiling.tile) && (0...min(1024, tiling.tile)).contains(tiling.overlap),
            "the tile must be 64 to 4096 with an overlap of 0 to 1024 that is no larger")
        try require((64...8192).contains(workingSize), "the working size must be 64 to 8192")
        for setting in Setting.all {
            guard let key = setting.manifestKey, let share = defaults.shares[key] else { continue }
            try require((try? setting.checked(share * 100)) != nil, "its default “\(key)” is out of range")
        }
        return self
    }

    private static let longestID = 64
    private static let longestText = 2000

    /// Ids are words of command lines, scripts and file names: `[a-z0-9][a-z0-9._-]*`.
    static func isUsable(id: String) -> Bool {
        guard let first = id.unicodeScalars.first, id.utf8.count <= longestID else { return false }
        return isLetterOrDigit(first)
            && id.unicodeScalars.allSatisfy { isLetterOrDigit($0) || [".", "_", "-"].contains($0) }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// An id made of a file's name.
    static func usableID(_ name: String) -> String {
        let letters = name.lowercased().unicodeScalars.map { scalar in
            isLetterOrDigit(scalar) || [".", "_"].contains(scalar) ? scalar : "-"
        }
        let id = String(String.UnicodeScalarView(letters.drop { !isLetterOrDigit($0) }.prefix(longestID)))
        return id.isEmpty ? "style" : id
    }

    /// What a drawing in this style is set to where the user chooses nothing.
    public var settings: DrawingSettings { DrawingSettings(style: id, defaults: defaults.shares) }

    /// The title in the first of `languages` that has one, else English, else the id.
    public func title(languages: [String]) -> String {
        Self.pick(title, languages) ?? id
    }

    /// The description in the first of `languages` that has one, else English, else nothing.
    public func description(languages: [String]) -> String {
        Self.pick(description, languages) ?? ""
    }

    private static func pick(_ texts: [String: String], _ languages: [String]) -> String? {
        for language in languages {
            if let text = texts[language] ?? texts[String(language.prefix(2))] { return text.printable }
        }
        return texts["en"]?.printable
    }
}
