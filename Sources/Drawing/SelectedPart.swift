import Raster

/// The part of a picture that is selected.
public struct SelectedPart {
    private let width, height: Int
    /// Its pixels for each of the picture that is asked about.
    private var scale = 1.0
    private let coverage: (PixelArea) -> Plane?

    /// From this much on a place counts as selected.
    private static let least: Float = 0.5
    /// Share of a drawing that can just be seen: it fades out around a head.
    private static let visible: Float = 1 / 16

    /// - Parameters:
    ///   - width: of the picture, in pixels.
    ///   - height: likewise.
    ///   - coverage: how much each pixel of a part is selected, 0…1; `nil` where that cannot be read.
    public init(width: Int, height: Int, coverage: @escaping (PixelArea) -> Plane?) {
        (self.width, self.height, self.coverage) = (width, height, coverage)
    }

    /// The same of a picture `factor` times as large.
    func of(pictureTimes factor: Double) -> SelectedPart {
        var result = self
        result.scale /= factor
        return result
    }

    /// Whether something of a box's middle is selected. What cannot be read counts as selected: better a note too many
    /// than one too few.
    func hasMiddle(of box: Box) -> Bool {
        guard let area = (box * scale).middle(width: width, height: height) else { return false }
        return coverage(area)?.values.contains { $0 >= Self.least } ?? true
    }

    /// Whether a face's drawing shows in it, of the face itself, of its hair or of what fades out around them.
    func shows(_ pose: FacePose) -> Bool {
        let toSquare = SimilarityTransform(scale: 1 / scale).then(pose.toSquare), mask = pose.mask
        guard let back = toSquare.inverse else { return false }
        let (columns, rows) = PasteBack.area(
            ofSquare: pose.template.size, back, width: width, height: height)
        guard !columns.isEmpty else { return false }
        // Row by row, since a selection may be as large as a photograph.
        return rows.contains { y in
            guard let row = coverage(PixelArea(columns: columns, rows: y..<y + 1)) else { return true }
            return zip(columns, row.values).contains { x, selected in
                guard selected >= Self.visible else { return false }
                let place = toSquare.apply(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
                return selected * mask.value(Float(place.x), Float(place.y)) >= Self.visible
            }
        }
    }
}
