import Engine
import Settings

/// What GIMP's side of a call can refuse, each with one sentence: what, why, what to do.
enum PlugInError: Error, Equatable {
    case badCall
    case nothingToRepeat
    case noDisplay
    case indexed
    case notALayer
    case floatingSelection
    case selectionMissesLayer
    case imageGone
    case colourProfile
    case layerNotAdded
    case groupNotReplaceable
    case locked
    case layerChanged
    case severalLayers
    case filtersNotMerged
}

extension PlugInError {
    /// Whether a call asked for what there is not: its caller's mistake, which scripts can tell from a photograph that
    /// cannot be drawn.
    static func isCallersMistake(_ error: Error) -> Bool {
        switch error {
        case StyleError.invalidOption, StyleError.unknownSetting, StyleError.drawingsAmongPhotographs,
            StyleError.unknownStyle, PlugInError.badCall, PlugInError.severalLayers:
            return true
        default: return false
        }
    }
}

extension PlugInError: CustomStringConvertible {
    var description: String {
        switch self {
        case .badCall:
            return tr(
                "The call has not the arguments that the procedure browser lists; compare them there and call again.")
        case .nothingToRepeat:
            return tr(
                """
                Nothing was drawn in this session that could be repeated; call with RUN-NONINTERACTIVE and all \
                arguments.
                """
            )
        case .noDisplay:
            return tr("There is no display to open the dialog on; call with RUN-NONINTERACTIVE and all arguments.")
        case .indexed:
            return tr(
                """
                An indexed image has only the colors of its palette, too few for a drawing; convert it with Image > \
                Mode > RGB first.
                """
            )
        case .notALayer:
            return tr("A mask, a channel or a selection holds no photograph; select the layer itself and try again.")
        case .floatingSelection:
            return tr(
                """
                The image has a floating selection, and no layer can be added meanwhile; anchor it with Layer > \
                Anchor Layer first.
                """
            )
        case .selectionMissesLayer:
            return tr(
                "Nothing of this layer is selected; select a part of it, or all with Select > None, and try again.")
        case .imageGone:
            return tr(
                """
                The image or the layer was closed or converted while it was being drawn, so the drawing was \
                dropped; try again.
                """
            )
        case .colourProfile:
            return tr(
                """
                The image's color profile cannot be converted to sRGB; assign another one with Image > Color \
                Management first.
                """
            )
        case .layerNotAdded:
            return tr("GIMP did not accept the new layer; check the free memory and disk space and try again.")
        case .groupNotReplaceable:
            return tr(
                """
                A layer group has no pixels of its own to replace; draw it into a new layer, or choose a layer in \
                the group.
                """
            )
        case .locked:
            return tr(
                """
                The pixels of this layer are locked, so it cannot be replaced; unlock them in the Layers dialog, or \
                draw into a new layer.
                """
            )
        case .severalLayers:
            return tr("Several layers are selected and the filter draws one at a time; select one and try again.")
        case .filtersNotMerged:
            return tr(
                """
                Filters that are not merged lie over this layer, so it cannot be replaced; merge them or draw into \
                a new layer.
                """
            )
        case .layerChanged:
            return tr(
                """
                The layer was changed while it was being drawn, so the drawing was dropped to keep your changes; \
                try again.
                """
            )
        }
    }
}
