/// All figures of an evaluation: what was measured on each photograph, and the tables made of it.
public struct QualityReport: Equatable, Sendable, Codable {
    /// One style's measurements.
    public struct Style: Equatable, Sendable, Codable {
        /// The style's id.
        public let id: String
        /// The style's version.
        public let version: String
        /// Names of the variants, in the order of the tables; the first is the baseline of the targets.
        public let variants: [String]
        /// One for each photograph, in the same order.
        public let records: [StyleMeasurement.Record]

        /// One style with all its measurements.
        public init(id: String, version: String, variants: [String], records: [StyleMeasurement.Record]) {
            self.id = id
            self.version = version
            self.variants = variants
            self.records = records
        }
    }

    /// What the readers are called, in the order of the tables.
    public let readers: [String]
    /// What was measured on the photographs themselves.
    public let photographs: [MeasuredPhotograph.Record]
    /// What was measured on their drawings.
    public let styles: [Style]
    /// What the reader of the report must know besides: photographs that could not be read, columns left out.
    public let notes: [String]

    /// A report of these measurements.
    public init(readers: [String], photographs: [MeasuredPhotograph.Record], styles: [Style], notes: [String]) {
        self.readers = readers
        self.photographs = photographs
        self.styles = styles
        self.notes = notes
    }

    /// What is wanted: shares by which the excess over the floor shrinks against the baseline, and the largest ΔE of
    /// skin.
    public enum Target {
        /// Share by which the eyes' drift shrinks.
        public static let eyes = 0.4
        /// Share by which the mouth's asymmetry shrinks.
        public static let asymmetry = 0.6
        /// Largest ΔE*ab of skin.
        public static let skin = 6.0
    }

    /// Photographs with a face to measure.
    public var measured: Int { photographs.count { $0.face != nil } }

    /// Names of the photographs without one.
    public var withoutFace: [String] { photographs.filter { $0.face == nil }.map(\.name) }
}

// MARK: - Geometry

extension QualityReport {
    /// One figure of a landmark change.
    enum Figure: CaseIterable {
        case eyes, mouth, asymmetry

        func of(_ change: LandmarkChange) -> Double {
            switch self {
            case .eyes: return change.drift.eyes
            case .mouth: return change.drift.mouth
            case .asymmetry: return change.asymmetry
            }
        }
    }

    /// A reader's own noise.
    struct Floor {
        let changes: [LandmarkChange]
        /// Jittered copies in which the face was not found.
        let lost: Int
        /// Photographs in which the reader does not find the face that is measured.
        let blind: [String]

        func median(_ figure: Figure) -> Double? { Statistics.median(changes.map(figure.of)) }
    }

    func floor(_ reader: String) -> Floor {
        let noise = photographs.flatMap { photograph in
            photograph.noise.filter { $0.reader == reader }.map { (photograph.name, $0) }
        }
        return Floor(
            changes: noise.flatMap(\.1.changes), lost: noise.reduce(0) { $0 + $1.1.lost },
            blind: noise.filter { !$0.1.found }.map(\.0))
    }

    /// What one reader sees of one variant.
    struct Geometry {
        let changes: [LandmarkChange]
        /// Photographs whose face was not found again.
        let lost: [String]

        func estimate(_ figure: Figure) -> Estimate? { Statistics.estimate(changes.map(figure.of)) }
    }

    func geometry(_ style: Style, variant: String, reader: String) -> Geometry {
        let all = style.records.flatMap { record in
            record.geometry.filter { $0.variant == variant && $0.reader == reader }.map {
                (record.photograph, $0.change)
            }
        }
        return Geometry(changes: all.compactMap(\.1), lost: all.filter { $0.1 == nil }.map(\.0))
    }

    /// A figure's excess over the floor, and by which share it is below the baseline's.
    func comparison(_ figure: Figure, _ style: Style, variant: String, reader: String) -> (
        excess: Double, reduction: Double?
    )? {
        guard let floor = floor(reader).median(figure), let baseline = style.variants.first,
            let value = Statistics.median(geometry(style, variant: variant, reader: reader).changes.map(figure.of)),
            let first = Statistics.median(geometry(style, variant: baseline, reader: reader).changes.map(figure.of))
        else { return nil }
        let excess = Statistics.excess(value, over: floor)
        return (excess, Statistics.reduction(excess, against: Statistics.excess(first, over: floor)))
    }
}

// MARK: - Colour

extension QualityReport {
    /// Colour shifts of the photographs whose skin belongs to `tone` (`nil`: all), with their names.
    func colours(
        _ style: Style, _ shift: KeyPath<StyleMeasurement.Record, ColourShift?>, tone: SkinTone?
    ) -> [(name: String, shift: ColourShift)] {
        zip(photographs, style.records).compactMap { photograph, record in
            guard tone == nil || photograph.skinTone == tone, let shift = record[keyPath: shift] else { return nil }
            return (photograph.name, shift)
        }
    }
}
