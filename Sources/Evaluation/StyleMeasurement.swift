import Raster
import Settings

/// Draws photographs in one style in several ways and measures what becomes of faces.
public struct StyleMeasurement: Sendable {
    /// What one photograph's drawings show.
    public struct Record: Equatable, Sendable, Codable {
        /// One variant as one reader sees it.
        public struct Geometry: Equatable, Sendable, Codable {
            /// The variant's name.
            public let variant: String
            /// The reader's name.
            public let reader: String
            /// `nil` when the face was not found again in the drawing.
            public let change: LandmarkChange?
        }

        /// The photograph's name.
        public let photograph: String
        /// Without the readers that do not find the face in the photograph itself.
        public let geometry: [Geometry]
        /// With the product's default corrections of skin and hair, and with both off.
        public let corrected: ColourShift?
        /// The same without corrections of tone.
        public let uncorrected: ColourShift?
        /// In the face's square.
        public let photographLines: LineQuality?
        /// The drawing's.
        public let drawingLines: LineQuality?
        /// The painter's.
        public let painterLines: LineQuality?
        /// At the border between the face and the whole that is drawn around it; `nil` where there is too little of it.
        public let border: BorderMeeting?
        /// The same where the whole is drawn in one piece, faces with it: what differs there is the picture itself.
        public let borderInOnePiece: BorderMeeting?
        /// The photograph's own, as if it were its drawing.
        public let photographBorder: BorderMeeting?
        /// Edges of the photograph and of its drawing that run along the pixel grid; `nil` without a face or edges.
        public let photographGrid: GridEdges?
        /// The drawing's, where everything is drawn.
        public let drawingGrid: GridEdges?
    }

    /// What was drawn.
    public let variants: [Variant]
    private let shipped: Variant
    private let readers: [LandmarkReader]

    /// - Parameters:
    ///   - shipped: the product's way of drawing, one of `variants`; its colours and lines are measured too.
    ///   - readers: those that the photographs were measured with.
    public init(variants: [Variant], shipped: Variant, readers: [LandmarkReader]) {
        self.variants = variants
        self.shipped = shipped
        self.readers = readers
    }

    /// - Parameters:
    ///   - painter: what the style's painter made of the photograph, of the same size.
    ///   - step: called before each drawing; throws to cancel.
    /// - Throws: `StyleError`.
    public func measure(_ photograph: MeasuredPhotograph, painter: Bitmap?, step: () throws -> Void = {}) throws
        -> Record
    {
        var geometry: [Record.Geometry] = []
        var drawn: Bitmap?
        if let face = photograph.record.face {
            for variant in variants {
                try step()
                let drawing = try variant.draw(photograph.bitmap, faces: photograph.faces)
                if variant.name == shipped.name { drawn = drawing }
                let scene = Pyramid(drawing)
                for (reader, before) in zip(readers, photograph.landmarks) {
                    guard let before else { continue }
                    let after = try reader.landmarks(of: face, in: scene)
                    geometry.append(
                        .init(
                            variant: variant.name, reader: reader.name,
                            change: after.flatMap { LandmarkChange(from: before, to: $0) }))
                }
            }
        }
        try step()
        let square = photograph.square
        let whole = try photograph.record.face == nil ? nil : sample(photograph)
        let onePiece = try whole.flatMap { _ in try sample(photograph, region: .photo) }
        func border(_ drawing: Bitmap?) -> BorderMeeting? {
            guard let drawing, let face = photograph.record.face else { return nil }
            return BorderMeeting(drawing, of: photograph.bitmap, landmarks: face.landmarks)
        }
        let cut = square.flatMap { square in drawn.map { square.cut(from: Pyramid($0)) } }
        return Record(
            photograph: photograph.record.name, geometry: geometry,
            corrected: cut.flatMap { photograph.colours?.shift(to: $0) }, uncorrected: try uncorrected(photograph),
            photographLines: photograph.lines, drawingLines: cut.map(LineQuality.init),
            painterLines: square.flatMap { square in painter.map { LineQuality(square.cut(from: Pyramid($0))) } },
            border: border(whole), borderInOnePiece: border(onePiece),
            photographBorder: whole.flatMap { _ in border(photograph.bitmap) },
            photographGrid: whole == nil ? nil : GridEdges(photograph.bitmap),
            drawingGrid: whole.flatMap(GridEdges.init))
    }

    private func uncorrected(_ photograph: MeasuredPhotograph) throws -> ColourShift? {
        guard let colours = photograph.colours, let square = photograph.square else { return nil }
        var options = Variant.options(shipped.generator.manifest, region: .faces)
        options.skinConstancy = 0
        options.hairLimit = 0
        let drawing = try shipped.draw(photograph.bitmap, faces: photograph.faces, options)
        return colours.shift(to: square.cut(from: Pyramid(drawing)))
    }

    /// The photograph as the product draws it by default: everything, with each face at its canonical size on top.
    /// - Throws: `StyleError`.
    public func sample(_ photograph: MeasuredPhotograph) throws -> Bitmap { try sample(photograph, region: .both) }

    private func sample(_ photograph: MeasuredPhotograph, region: Region) throws -> Bitmap {
        try shipped.draw(
            photograph.bitmap, faces: photograph.faces, Variant.options(shipped.generator.manifest, region: region))
    }
}
