import Drawing
import Raster

/// Boxes and landmarks on a picture.
struct FaceMarks {
    let faces: [Face]

    private static let green = SIMD4<Float>(0.1, 0.9, 0.3, 1)
    private static let red = SIMD4<Float>(1, 0.2, 0.2, 1)

    func drawn(on picture: Bitmap) -> Bitmap {
        var canvas = picture
        let thickness = max(1, picture.longSide / 400)
        for face in faces {
            let box = face.box
            let (left, top, right, bottom) = (clamped(box.x), clamped(box.y), clamped(box.maxX), clamped(box.maxY))
            fill(&canvas, left..<right, top..<(top + thickness), Self.green)
            fill(&canvas, left..<right, (bottom - thickness)..<bottom, Self.green)
            fill(&canvas, left..<(left + thickness), top..<bottom, Self.green)
            fill(&canvas, (right - thickness)..<right, top..<bottom, Self.green)
            let radius = max(1, Int(face.landmarks.interOcularDistance / 20))
            for point in face.landmarks.points {
                let (x, y) = (clamped(point.x), clamped(point.y))
                fill(&canvas, (x - radius)..<(x + radius + 1), (y - radius)..<(y + radius + 1), Self.red)
            }
        }
        return canvas
    }

    /// The pixel that `coordinate` lies in; far outside stays far outside without overflow.
    private func clamped(_ coordinate: Double) -> Int { Int(min(max(coordinate.rounded(.down), -1e6), 1e6)) }

    private func fill(_ canvas: inout Bitmap, _ columns: Range<Int>, _ rows: Range<Int>, _ colour: SIMD4<Float>) {
        for y in rows.clamped(to: 0..<canvas.height) {
            for x in columns.clamped(to: 0..<canvas.width) { canvas[x, y] = colour }
        }
    }
}
