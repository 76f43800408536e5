import Drawing
import Raster
import Settings

/// A drawing put together as an output mode wants it, all of the photograph's size and in sRGB.
enum RenderedDrawing: Sendable {
    /// Over the photograph at the strength that was asked for.
    case picture(Bitmap)
    /// At full strength, `w` its coverage.
    case overlay(Bitmap)
    /// The same with flat colour and lines apart.
    case layers(DrawnLayers)

    init(_ drawing: Drawing, for output: OutputMode) {
        switch output {
        case .newLayer, .replace: self = .picture(drawing.picture())
        case .maskedLayer: self = .overlay(drawing.overlay())
        case .layerGroup: self = .layers(drawing.layers())
        }
    }
}
